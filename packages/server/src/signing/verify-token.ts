import { type ClaimsOf, type JwtKind, jwtKinds } from '@hallpass/contracts'
import { jwtVerify } from 'jose'
import { type Clock, toSeconds } from '../clock.js'
import type { KeyRing } from './key-ring.js'
import { parseToken } from './parse-token.js'

/** Clocks of signers may be this far ahead; expiry has no leeway. */
const leewaySeconds = 60

interface Needs {
  readonly clock: Clock
  readonly issuer: () => string
  readonly keyRing: Pick<KeyRing, 'verificationKey'>
}

/** The claims of a live token of this kind, or undefined: why it is refused is nobody's business. */
export async function verifyToken<K extends JwtKind>(
  needs: Needs,
  kind: K,
  token: string,
): Promise<ClaimsOf<K> | undefined> {
  const parsed = parseToken(token)
  if (parsed?.kind !== kind) return undefined
  const key = needs.keyRing.verificationKey(parsed.kid)
  if (key?.alg !== parsed.alg) return undefined
  const { typ, ttlSeconds, claims } = jwtKinds[kind]
  const now = needs.clock.now()
  try {
    const { payload } = await jwtVerify(token, key.publicKey, {
      algorithms: [key.alg],
      issuer: needs.issuer(),
      audience: kind,
      typ,
      requiredClaims: ['iss', 'aud', 'sub', 'iat', 'exp', 'jti'],
      maxTokenAge: ttlSeconds,
      clockTolerance: leewaySeconds,
      currentDate: new Date(now),
    })
    const result = claims.safeParse(payload)
    if (!result.success) return undefined
    const { iat, exp } = result.data
    // the schema is this kind's own, which the compiler cannot follow through the table
    return exp > toSeconds(now) && exp - iat <= ttlSeconds ? (result.data as ClaimsOf<K>) : undefined
  } catch {
    return undefined
  }
}
