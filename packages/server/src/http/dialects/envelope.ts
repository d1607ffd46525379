import type { RefusalStatus } from '@hallpass/contracts'
import type { DialectWriter } from './dialect.js'
import { json } from './json.js'

/** Type and title of a problem, by status (wire 1). */
const problems: Record<RefusalStatus, readonly [type: string, title: string]> = {
  400: ['/bad_request', 'Bad Request'],
  401: ['/unauthorized', 'Unauthorized'],
  403: ['/forbidden', 'Forbidden'],
  404: ['/not_found', 'Not Found'],
  405: ['/method_not_allowed', 'Method Not Allowed'],
  409: ['/conflict', 'Conflict'],
  413: ['/payload_too_large', 'Payload Too Large'],
  415: ['/unsupported_media_type', 'Unsupported Media Type'],
  422: ['/validation_error', 'Validation Failed'],
  429: ['/rate_limited', 'Too Many Requests'],
  500: ['/internal_error', 'Internal Server Error'],
  503: ['/unavailable', 'Service Unavailable'],
}

/** Seed 000: `{data, meta, response_type}`; a refusal stands in `data` and in `error`. */
export const envelopeDialect: DialectWriter = {
  success: ({ value, requestId, answeredAt }) => ({
    data: value,
    meta: meta(requestId, answeredAt),
    response_type: 'object',
  }),
  refusal({ error, requestId, at }) {
    const [type, title] = problems[error.status]
    const items = error.details.items
    const problem = { status: error.status, type, title, detail: error.message, ...(items ? { items } : {}) }
    return json({ data: problem, error: problem, meta: meta(requestId, at), response_type: 'error' })
  },
}

const meta = (api_request_id: string, api_request_timestamp: string) => ({ api_request_id, api_request_timestamp })
