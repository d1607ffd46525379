/**
 * Every reason a verifier refuses a token for, and what it says of the token. The only such table.
 * The words are for the resource server's log; its callers are told less, see `guard/answer-refusal.ts`.
 */
export const refusalReasons = {
  missing: 'No token was sent.',
  malformed: 'It is no token of this service, or not in its one spelling.',
  wrong_kind: 'It is a token of another kind.',
  unknown_key: 'It names a key that the issuer does not publish.',
  bad_signature: 'Its signature is not that of its key.',
  bad_claims: 'Its claims are not those of its kind.',
  wrong_issuer: 'Another issuer made it.',
  wrong_account: 'It belongs to another account.',
  wrong_subject: 'It belongs to another session or customer than the token that it replaces.',
  not_yet_valid: 'Its life has not begun.',
  expired: 'Its life is over.',
  revoked: 'It was revoked, or what it comes from was.',
  unavailable: 'The issuer cannot be asked, and what is known is too old to decide by.',
} as const

/** A member of the closed list of a verifier's reasons. */
export type RefusalReason = keyof typeof refusalReasons
