import type { RefusalReason, RefusalStatus } from '@hallpass/contracts'
import type { HallpassError } from '../../errors.js'
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

/** What only a page, which can't authenticate, is refused for (RFC 6749 section 5.2, RFC 9449 section 5). */
const codesOfPages: Readonly<Partial<Record<RefusalReason, string>>> = {
  origin_not_allowed: 'unauthorized_client',
  auth_mode_not_allowed: 'unauthorized_client',
  widget_disabled: 'unauthorized_client',
  invalid_dpop_proof: 'invalid_dpop_proof',
}

function codeFor({ reason, status, details }: HallpassError): string {
  if (details.items?.[0]?.reference === 'grant_type') return 'unsupported_grant_type'
  return codesOfPages[reason] ?? errorCodes[status]
}

/** RFC 7662 and RFC 7009: the bare value, or `{error, error_description}`. */
export const oauthDialect: DialectWriter = {
  success: ({ value }) => value,
  refusal: ({ error }) => json({ error: codeFor(error), error_description: error.message }),
}
