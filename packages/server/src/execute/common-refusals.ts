import { messages } from '../error-messages.js'
import { HallpassError, type RefusalDetails } from '../errors.js'
import { isStoreFailure } from '../store/failure.js'

type More = Pick<RefusalDetails, 'cause' | 'explain'>

/** A service that the call needs can't be reached. */
export const unavailable = (more: More = {}): HallpassError =>
  new HallpassError('unavailable', messages.unavailable, { retryAfter: 1, ...more })

/** Any error as a refusal. */
export function toHallpassError(error: unknown): HallpassError {
  if (error instanceof HallpassError) return error
  if (isStoreFailure(error)) return unavailable({ cause: error })
  return new HallpassError('internal_error', messages.internalError, { cause: error })
}
