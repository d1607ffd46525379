/**
 * Every reason for refusing a request, with its HTTP status. This is the only such table: dialects differ in how they
 * phrase a reason, but none adds one.
 */
export const reasons = {
  malformed_request: 400,
  invalid_header: 400,
  invalid_path_parameter: 400,
  invalid_query_parameter: 400,
  missing_field: 400,
  invalid_token: 400,
  client_key_mismatch: 400,
  invalid_dpop_proof: 400,
  unauthenticated: 401,
  insufficient_scope: 403,
  account_disabled: 403,
  origin_not_allowed: 403,
  auth_mode_not_allowed: 403,
  widget_disabled: 403,
  client_key_not_available: 403,
  not_found: 404,
  method_not_allowed: 405,
  idempotency_conflict: 409,
  idempotency_in_progress: 409,
  payload_too_large: 413,
  unsupported_media_type: 415,
  validation_failed: 422,
  state_conflict: 422,
  idempotency_invalid_reuse: 422,
  idempotency_concurrent_use: 422,
  token_already_used: 422,
  token_expired: 422,
  token_revoked: 422,
  token_wrong_widget_type: 422,
  token_wrong_resource: 422,
  token_action_not_allowed: 422,
  rate_limited: 429,
  internal_error: 500,
  unavailable: 503,
} as const

/** One of the closed list of refusal reasons. */
export type Reason = keyof typeof reasons

/** The HTTP status of a refusal. */
export type RefusalStatus = (typeof reasons)[Reason]

/** Reasons of every operation that has a body and a rate limit. */
export const commonReasons = [
  'malformed_request',
  'invalid_header',
  'method_not_allowed',
  'payload_too_large',
  'unsupported_media_type',
  'validation_failed',
  'rate_limited',
  'internal_error',
  'unavailable',
] as const satisfies readonly Reason[]

/** Reasons of every operation that requires a secret key. */
export const secretKeyReasons = [
  ...commonReasons,
  'unauthenticated',
  'insufficient_scope',
  'account_disabled',
  'not_found',
] as const satisfies readonly Reason[]
