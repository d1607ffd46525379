import type { Fault, Reason } from '@hallpass/contracts'
import { TRPCClientError } from '@trpc/client'
import { HallpassClientError } from './errors.js'

/** The server's error data, as its error formatter writes it. */
interface ErrorData {
  readonly reason: Reason
  readonly httpStatus: number
  readonly request_id?: string
  readonly items?: readonly Fault[]
  readonly valid_status?: readonly string[]
  readonly retry_after?: number
}

/** Any failure of a call as the one error class. */
export function toClientError(error: unknown): HallpassClientError {
  if (error instanceof HallpassClientError) return error
  const data = error instanceof TRPCClientError ? (error.data as unknown) : undefined
  if (error instanceof Error && isErrorData(data)) return fromServer(error, data)
  if (isAborted(error)) return new HallpassClientError('aborted', 'The call was aborted.', { cause: error })
  return new HallpassClientError('network', 'The server could not be reached, or did not answer as Hallpass does.', {
    cause: error,
  })
}

function fromServer(error: Error, data: ErrorData): HallpassClientError {
  return new HallpassClientError(data.reason, error.message, {
    status: data.httpStatus,
    ...(data.request_id === undefined ? {} : { requestId: data.request_id }),
    ...(data.items ? { items: data.items } : {}),
    ...(data.valid_status ? { validStatus: data.valid_status } : {}),
    ...(data.retry_after === undefined ? {} : { retryAfter: data.retry_after }),
    cause: error,
  })
}

function isErrorData(data: unknown): data is ErrorData {
  return typeof data === 'object' && data !== null && 'reason' in data && 'httpStatus' in data
}

function isAborted(error: unknown): boolean {
  const named = (value: unknown) =>
    value instanceof Error && (value.name === 'AbortError' || value.name === 'TimeoutError')
  return named(error) || (error instanceof Error && named(error.cause))
}
