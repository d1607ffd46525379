import { type ClaimsOf, type JwtKind, jwtKinds } from '@hallpass/contracts'
import { decodeJwt, jwtVerify } from 'jose'
import { type Clock, toSeconds } from '../clock.js'
import type { KeyRing } from './key-ring.js'
import { parseToken } from './parse-token.js'

/** Clocks of signers may be this far ahead; expiry has no leeway. */
const leewaySeconds = 60

export interface VerifyNeeds {
  readonly clock: Clock
  readonly issuer: () => string
  readonly keyRing: Pick<KeyRing, 'verificationKey'>
}

/** How strict to be about time. */
export interface VerifyOptions {
  /** Takes an expired token too: it still names what its holder wants to end. */
  readonly evenExpired?: boolean
}

/** {@link verifyToken}, with what it needs already given. */
export type Verify = <K extends JwtKind>(
  kind: K,
  token: string,
  options?: VerifyOptions,
) => Promise<ClaimsOf<K> | undefined>

/** The claims of a live token of this kind, or undefined: why it is refused is nobody's business. */
export async function verifyToken<K extends JwtKind>(
  needs: VerifyNeeds,
  kind: K,
  token: string,
  { evenExpired = false }: VerifyOptions = {},
): Promise<ClaimsOf<K> | undefined> {
  const parsed = parseToken(token)
  if (parsed?.kind !== kind) return undefined
  const key = needs.keyRing.verificationKey(parsed.kid)
  if (key?.alg !== parsed.alg) return undefined
  const { typ, ttlSeconds, claims } = jwtKinds[kind]
  try {
    const now = evenExpired ? withinLife(token, needs.clock.now()) : needs.clock.now()
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
    return exp > toSeconds(now) && exp > iat && exp - iat <= ttlSeconds ? (result.data as ClaimsOf<K>) : undefined
  } catch {
    return undefined
  }
}

/** Now, or the last second of the token's life when that is over. */
function withinLife(token: string, now: number): number {
  const { exp } = decodeJwt(token)
  return exp === undefined ? now : Math.min(now, (exp - 1) * 1000)
}
