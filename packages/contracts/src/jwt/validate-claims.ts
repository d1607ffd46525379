import { type ClaimsOf, type JwtKind, jwtKinds } from '../claims.js'

/** Why claims are invalid. */
export type ClaimsIssue = 'bad_claims' | 'wrong_audience' | 'wrong_issuer' | 'not_yet_valid' | 'expired'

/** How far a signer's clock may be ahead. Expiry has no leeway. */
export const leewaySeconds = 60

/** What claims are checked against. */
export interface Expectations {
  readonly issuer: string
  /** The audience of a session token. Any if undefined. Other kinds have one audience each. */
  readonly audience?: string | undefined
  /** Seconds since the epoch, rounded down. */
  readonly now: number
}

/** Returns the claims of a live token of this kind, or why they are invalid. Doesn't check the signature. */
export function validateClaims<K extends JwtKind>(
  kind: K,
  payload: unknown,
  { issuer, audience, now }: Expectations,
): { readonly claims: ClaimsOf<K> } | { readonly issue: ClaimsIssue } {
  const { claims, ttlSeconds } = jwtKinds[kind]
  const result = claims.safeParse(payload)
  if (!result.success) return { issue: 'bad_claims' }
  const { iss, aud, iat, exp } = result.data
  if (audience !== undefined && aud !== audience) return { issue: 'wrong_audience' }
  if (iss !== issuer) return { issue: 'wrong_issuer' }
  // Hallpass never issues a token with a longer lifetime than its kind has
  if (exp <= iat || exp - iat > ttlSeconds) return { issue: 'bad_claims' }
  if (iat > Math.floor(now) + leewaySeconds) return { issue: 'not_yet_valid' }
  if (exp <= Math.floor(now)) return { issue: 'expired' }
  // the schema belongs to this kind, but the compiler can't follow the table lookup
  return { claims: result.data as ClaimsOf<K> }
}
