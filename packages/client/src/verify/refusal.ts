/** Every reason a token can be refused for by a verifier, and what it says of the token. The only such table. */
export const refusalReasons = {
  missing: 'no token was sent',
  malformed: 'it is not a token of this service, or not in its one spelling',
  wrong_kind: 'it is a token of another kind',
  unknown_key: 'it names a key that the issuer does not publish',
  bad_signature: 'its signature does not fit',
  bad_claims: 'its claims are not those of its kind',
  wrong_issuer: 'another issuer made it',
  not_yet_valid: 'its life has not begun',
  expired: 'its life is over',
  revoked: 'it, or what it was made from, was revoked',
  unavailable: 'the issuer could not be asked, and what is known is too old to decide on',
} as const

/** A member of the closed list of a verifier's reasons. */
export type RefusalReason = keyof typeof refusalReasons
