import type { RefusalStatus } from '@hallpass/contracts'
import { json } from './json.js'
import type { DialectWriter } from './writer.js'

/** Error codes by status (RFC 6749 section 5.2, RFC 6750 section 3.1, RFC 7009 section 2.2.1). */
const errorCodes: Record<RefusalStatus, string> = {
  400: 'invalid_request',
  401: 'invalid_client',
  403: 'insufficient_scope',
  404: 'invalid_request',
  405: 'invalid_request',
  409: 'invalid_request',
  413: 'invalid_request',
  415: 'invalid_request',
  422: 'invalid_request',
  429: 'temporarily_unavailable',
  500: 'server_error',
  503: 'temporarily_unavailable',
}

/** RFC 7662 and RFC 7009: the bare value, or `{error, error_description}`. */
export const oauthDialect: DialectWriter = {
  success: ({ value }) => value,
  refusal: ({ error }) => json({ error: errorCodes[error.status], error_description: error.message }),
}
