import type { Fault, Reason } from '@hallpass/contracts'
import { isPlainObject } from '@hallpass/contracts/core'
import { type FailureDetails, HallpassClientError } from '../errors.js'
import type { ResponseFacts } from './options.js'

/** An error as the server's formatter writes it. */
interface ServerError {
  readonly message: string
  readonly data: {
    readonly reason: Reason
    readonly httpStatus: number
    readonly request_id?: string
    readonly items?: readonly Fault[]
    readonly valid_status?: readonly string[]
    readonly retry_after?: number
  }
}

/** Whether what came back is a refusal in Hallpass's words. */
export function isServerError(error: unknown): error is ServerError {
  if (!isPlainObject(error) || !('message' in error) || !isPlainObject(error.data)) return false
  return 'reason' in error.data && 'httpStatus' in error.data
}

/** A refusal by the server. */
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

/** An answer of somebody else, such as a proxy on the way. */
export const fromStranger = (facts: ResponseFacts, idempotencyKey: string | undefined) =>
  new HallpassClientError('network', 'What answered is not Hallpass.', detailsOf(facts, idempotencyKey))

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

/** Whole seconds, as Hallpass writes them; a date is what a proxy may have written. */
function retryAfterOf(headers: Headers): number | undefined {
  const value = headers.get('Retry-After')
  return value !== null && /^\d{1,9}$/.test(value) ? Number(value) : undefined
}
