import type { Fault, Reason } from '@hallpass/contracts'

/** Why a call failed: one of the service's reasons, or one of the client's own. */
export type FailureReason = Reason | 'network' | 'aborted'

/** What a failure may carry beside its words. */
export interface FailureDetails {
  /** The HTTP status; absent where no answer came. */
  readonly status?: number
  /** The server's id of the request, for its log. */
  readonly requestId?: string
  /** One entry per fault of the input. */
  readonly items?: readonly Fault[]
  /** The card states that would have been accepted. */
  readonly validStatus?: readonly string[]
  /** Whole seconds to wait before trying again. */
  readonly retryAfter?: number
  readonly cause?: unknown
}

/** Every failure of a call. `reason` is a closed list, so that a `switch` over it can be complete. */
export class HallpassClientError extends Error {
  override readonly name = 'HallpassClientError'
  readonly reason: FailureReason
  readonly details: FailureDetails

  constructor(reason: FailureReason, message: string, details: FailureDetails = {}) {
    super(message, { cause: details.cause })
    this.reason = reason
    this.details = details
  }
}
