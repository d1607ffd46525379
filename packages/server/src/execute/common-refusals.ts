import { HallpassError, type RefusalDetails } from '../errors.js'
import { isStoreFailure } from '../store/failure.js'

type More = Pick<RefusalDetails, 'cause' | 'explain'>

/** A service that the call needs can't be reached. */
export const unavailable = (more: More = {}): HallpassError =>
  new HallpassError('unavailable', 'The service is temporarily unavailable; try again.', { retryAfter: 1, ...more })

/** Any error as a refusal. */
export function toHallpassError(error: unknown): HallpassError {
  if (error instanceof HallpassError) return error
  if (isStoreFailure(error)) return unavailable({ cause: error })
  return new HallpassError('internal_error', 'Something went wrong here, not in the request.', { cause: error })
}
