import type { RefusalReason } from '@hallpass/contracts'
import { json } from './json.js'
import type { DialectWriter } from './writer.js'

/** The machine-readable code for each reason. */
const codes: Record<RefusalReason, string> = {
  malformed_request: 'BAD_REQUEST',
  invalid_header: 'BAD_REQUEST',
  invalid_path_parameter: 'BAD_REQUEST',
  invalid_query_parameter: 'BAD_QUERY_PARAMETER',
  missing_field: 'BAD_REQUEST',
  invalid_token: 'BAD_REQUEST',
  client_key_mismatch: 'BAD_REQUEST',
  invalid_dpop_proof: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHENTICATED',
  insufficient_scope: 'FORBIDDEN',
  account_disabled: 'ACCOUNT_DISABLED',
  origin_not_allowed: 'FORBIDDEN',
  auth_mode_not_allowed: 'FORBIDDEN',
  widget_disabled: 'FORBIDDEN',
  client_key_not_available: 'FORBIDDEN',
  not_found: 'RESOURCE_NOT_FOUND',
  method_not_allowed: 'METHOD_NOT_ALLOWED',
  idempotency_conflict: 'IDEMPOTENCY_INVALID_REUSE',
  idempotency_in_progress: 'IDEMPOTENCY_CONCURRENT_USE',
  payload_too_large: 'PAYLOAD_TOO_LARGE',
  unsupported_media_type: 'UNSUPPORTED_MEDIA_TYPE',
  validation_failed: 'VALIDATION_FAILED',
  state_conflict: 'INVALID_STATUS',
  token_already_used: 'TOKEN_ALREADY_USED',
  token_expired: 'TOKEN_EXPIRED',
  token_revoked: 'TOKEN_REVOKED',
  token_wrong_widget_type: 'TOKEN_WRONG_WIDGET_TYPE',
  token_wrong_resource: 'TOKEN_WRONG_RESOURCE',
  token_action_not_allowed: 'TOKEN_ACTION_NOT_ALLOWED',
  rate_limited: 'TOO_MANY_REQUESTS',
  internal_error: 'INTERNAL_ERROR',
  unavailable: 'UNAVAILABLE',
}

/** Card API: the bare value, or `{code, detail, status}`. */
export const codeDialect: DialectWriter = {
  success: ({ value }) => value,
  refusal({ error }) {
    const { valid_status, retryAfter } = error.details
    return json({
      code: codes[error.reason],
      detail: error.message,
      status: error.status,
      ...(valid_status ? { valid_status } : {}),
      ...(error.reason === 'rate_limited' ? { retry_after: retryAfter } : {}),
    })
  },
}
