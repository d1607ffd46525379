import { type ClaimsOf, type JwtKind, jwtKinds } from '../claims.js'

/** Why claims are refused. */
export type ClaimsFault = 'bad_claims' | 'wrong_issuer' | 'not_yet_valid' | 'expired'

/** Clocks of signers may be this far ahead; expiry has no leeway. */
export const leewaySeconds = 60

/** What claims are held against. */
export interface Expectations {
  readonly issuer: string
  /** Seconds since the epoch; the second that has begun counts. */
  readonly now: number
}

/** The claims of a live token of this kind, or why they are none. Says nothing of the signature. */
export function judgeClaims<K extends JwtKind>(
  kind: K,
  payload: unknown,
  { issuer, now }: Expectations,
): { readonly claims: ClaimsOf<K> } | { readonly fault: ClaimsFault } {
  const { claims, ttlSeconds } = jwtKinds[kind]
  const result = claims.safeParse(payload)
  if (!result.success) return { fault: 'bad_claims' }
  const { iss, iat, exp } = result.data
  if (iss !== issuer) return { fault: 'wrong_issuer' }
  // a token that would live longer than its kind was not made here, whoever signed it
  if (exp <= iat || exp - iat > ttlSeconds) return { fault: 'bad_claims' }
  if (iat > Math.floor(now) + leewaySeconds) return { fault: 'not_yet_valid' }
  if (exp <= Math.floor(now)) return { fault: 'expired' }
  // the schema is this kind's own, which the compiler cannot follow through the table
  return { claims: result.data as ClaimsOf<K> }
}
