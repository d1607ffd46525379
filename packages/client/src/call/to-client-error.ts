import type { Issue, Reason } from '@hallpass/contracts'
import { isPlainObject } from '@hallpass/contracts/core'
import { type FailureDetails, HallpassClientError } from '../errors.js'
import type { ResponseFacts } from './options.js'

/** The server's error format. */
interface ServerError {
  readonly message: string
  readonly data: {
    readonly reason: Reason
    readonly httpStatus: number
    readonly request_id?: string
    readonly items?: readonly Issue[]
    readonly valid_status?: readonly string[]
    readonly retry_after?: number
  }
}

/** Whether an error has Hallpass's format. */
export function isServerError(error: unknown): error is ServerError {
  if (!isPlainObject(error) || !('message' in error) || !isPlainObject(error.data)) return false
  return 'reason' in error.data && 'httpStatus' in error.data
}

/** Converts an error of the Hallpass server. */
export function fromServer({ message, data }: ServerError, facts: ResponseFacts, idempotencyKey: string | undefined) {
  const details = detailsOf(facts, idempotencyKey)
  return new HallpassClientError(data.reason, message, {
    ...details,
    status: data.httpStatus,
    requestId: data.request_id,
    items: data.items,
    validStatus: data.valid_status,
    retryAfter: data.retry_after ?? details.retryAfter,
  })
}

/** Converts a response from something other than Hallpass, such as a proxy. */
export const fromUnknownServer = (facts: ResponseFacts, idempotencyKey: string | undefined) =>
  new HallpassClientError('network', 'The response is not from Hallpass.', detailsOf(facts, idempotencyKey))

function detailsOf(
  { status, headers, requestId, correlationId, attempt }: ResponseFacts,
  idempotencyKey: string | undefined,
): FailureDetails {
  const shouldRetry = headers.get('x-should-retry')
  return {
    status,
    requestId,
    correlationId,
    retryAfter: retryAfterOf(headers),
    shouldRetry: shouldRetry === null ? undefined : shouldRetry === 'true',
    idempotencyKey,
    attempt,
  }
}

/** Hallpass sends whole seconds. Ignores dates, which a proxy can send. */
function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get('Retry-After')
  return value !== null && /^\d{1,9}$/.test(value) ? Number(value) : undefined
}
