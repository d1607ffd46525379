import {
  DeclaredClaims,
  isPlainObject,
  isSignedBy,
  leewaySeconds,
  longestJwtSeconds,
  parseJws,
} from '@hallpass/contracts'
import { type Clock, toSeconds } from '../clock.js'
import type { KeyRing } from './key-ring.js'
import { compactJws } from './sign-token.js'

interface SignDeps {
  readonly clock: Clock
  readonly issuer: () => string
  readonly keyRing: Pick<KeyRing, 'signingKey'>
}

/** Signs a JWT of a declared kind. Writes nothing. */
export function signDeclaredToken(
  { issuer, keyRing }: Pick<SignDeps, 'issuer' | 'keyRing'>,
  typ: string,
  claims: Omit<DeclaredClaims, 'iss'>,
): string {
  return compactJws(keyRing.signingKey(), typ, { iss: issuer(), ...claims })
}

/** A JWT of a declared kind, as far as the token alone shows. Whether its kind agrees is for the caller to check. */
export interface DeclaredToken {
  readonly typ: string
  readonly claims: DeclaredClaims
  readonly isExpired: boolean
}

/** Whether the payload of a JWT is one of a declared kind. Only these have a claim `kind`. */
export const isDeclared = (payload: unknown): boolean => isPlainObject(payload) && Object.hasOwn(payload, 'kind')

/** The JWT if this server signed it for a declared kind. Undefined if not, or if it is from the future. */
export async function verifyDeclaredToken(
  { clock, issuer, keyRing }: Omit<SignDeps, 'keyRing'> & { readonly keyRing: Pick<KeyRing, 'verificationKey'> },
  token: string,
): Promise<DeclaredToken | undefined> {
  const parsed = parseJws(token)
  const key = parsed && keyRing.verificationKey(parsed.kid)
  if (!parsed || !key || !(await isSignedBy(key, token, parsed))) return undefined
  const result = DeclaredClaims.safeParse(parsed.payload)
  if (!result.success || result.data.iss !== issuer()) return undefined
  const { iat, exp } = result.data
  const now = toSeconds(clock.now())
  if (exp <= iat || exp - iat > longestJwtSeconds || iat > now + leewaySeconds) return undefined
  return { typ: parsed.typ, claims: result.data, isExpired: exp <= now }
}
