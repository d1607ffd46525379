/**
 * Every reason for which a verifier refuses a token, with a description for the resource server's log. Callers get less
 * detail: see `guard/answer-refusal.ts`.
 */
export const refusalReasons = {
  missing: 'No token was sent.',
  malformed: 'The token is malformed.',
  wrong_kind: 'The token is of another kind.',
  wrong_algorithm: 'The token is signed with an algorithm that you do not accept.',
  unknown_key: 'The token names a signing key that the issuer does not publish.',
  bad_signature: 'The signature is invalid.',
  unspent: 'The token has a number of uses, which only Hallpass can count. Redeem it.',
  action_not_allowed: 'The token does not permit the action.',
  wrong_resource: 'The token is for another resource.',
  missing_proof: 'The token is bound to a key, and came without a proof of it.',
  bad_proof: 'The proof of the key is invalid, was used before, or is for another request.',
  bad_claims: 'The claims are invalid for this kind of token.',
  wrong_audience: 'The token is for another audience.',
  wrong_issuer: 'The token is from another issuer.',
  wrong_account: 'The token belongs to another account.',
  wrong_subject: 'The token belongs to another session or customer than the token that it replaces.',
  not_yet_valid: 'The token is not valid yet.',
  expired: 'The token has expired.',
  revoked: 'The token, or something that it depends on, was revoked.',
  unavailable: 'The issuer is unreachable, and the cached data is too old.',
} as const

/** A reason for which a verifier refuses a token. */
export type RefusalReason = keyof typeof refusalReasons
