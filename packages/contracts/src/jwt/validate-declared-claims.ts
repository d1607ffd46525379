import { DeclaredClaims } from '../claims.js'
import { findClaimsIssue } from '../kinds/check-claims.js'
import type { VerifiedDeclaration } from '../kinds/read-verified-declaration.js'
import { audienceOf } from '../kinds/token-names.js'
import { type ClaimsIssue, leewaySeconds } from './validate-claims.js'

/**
 * Returns the claims of a live JWT of a declared kind, or why they are invalid. Doesn't check the header or the signature.
 * `now` is in seconds since the epoch.
 */
export function validateDeclaredClaims(
  declaration: VerifiedDeclaration,
  payload: unknown,
  { issuer, now }: { readonly issuer: string; readonly now: number },
): { readonly claims: DeclaredClaims } | { readonly issue: ClaimsIssue } {
  const result = DeclaredClaims.safeParse(payload)
  if (!result.success) return { issue: 'bad_claims' }
  const claims = result.data
  const { iss, aud, iat, exp } = claims
  if (aud !== audienceOf(declaration)) return { issue: 'wrong_audience' }
  if (iss !== issuer) return { issue: 'wrong_issuer' }
  // a shorter longest lifetime also ends the tokens that live longer
  if (exp <= iat || exp - iat > declaration.ttl_seconds.max) return { issue: 'bad_claims' }
  if (!isDeclared(declaration, claims)) return { issue: 'bad_claims' }
  if (iat > Math.floor(now) + leewaySeconds) return { issue: 'not_yet_valid' }
  if (exp <= Math.floor(now)) return { issue: 'expired' }
  return { claims }
}

/** Whether the declaration permits what the token says. */
function isDeclared(declaration: VerifiedDeclaration, { kind, actions, resource, claims }: DeclaredClaims): boolean {
  if (kind !== declaration.name || !actions.every((action) => declaration.actions.includes(action))) return false
  if (declaration.resource !== 'optional' && (declaration.resource === 'required') !== (resource !== undefined))
    return false
  return declaration.claims === null
    ? claims === undefined
    : findClaimsIssue(declaration.claims, claims ?? {}) === undefined
}
