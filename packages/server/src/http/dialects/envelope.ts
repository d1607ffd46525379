import { type RefusalStatus, statusPhrases } from '@hallpass/contracts'
import { json } from './json.js'
import type { DialectWriter } from './writer.js'

/** The last part of a problem's `type`, by status (Bridge API). */
const problemTypes: Record<RefusalStatus, string> = {
  400: 'bad_request',
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'method_not_allowed',
  409: 'conflict',
  413: 'payload_too_large',
  415: 'unsupported_media_type',
  422: 'validation_error',
  429: 'rate_limited',
  500: 'internal_error',
  503: 'unavailable',
}

/** The Bridge API has its own title for a 422. */
const titleOf = (status: RefusalStatus) => (status === 422 ? 'Validation Failed' : statusPhrases[status])

/** Bridge API: `{data, meta, response_type}`. A refusal is in both `data` and `error`. */
export const envelopeDialect: DialectWriter = {
  success: ({ value, requestId, answeredAt }) => ({
    data: value,
    meta: meta(requestId, answeredAt),
    response_type: 'object',
  }),
  refusal({ error, requestId, at }) {
    const items = error.details.items
    const problem = {
      status: error.status,
      type: `/${problemTypes[error.status]}`,
      title: titleOf(error.status),
      detail: error.message,
      ...(items ? { items } : {}),
    }
    return json({ data: problem, error: problem, meta: meta(requestId, at), response_type: 'error' })
  },
}

const meta = (api_request_id: string, api_request_timestamp: string) => ({ api_request_id, api_request_timestamp })
