import type { Fault, Reason } from '@hallpass/contracts'

/** Why a call failed: one of the service's reasons, or one of the client's own. */
export type FailureReason = Reason | 'network' | 'aborted' | 'timeout'

/** What a failure may carry beside its words. */
export interface FailureDetails {
  /** The HTTP status; absent where no answer came. */
  readonly status?: number | undefined
  /** The server's id of the request, for its log. */
  readonly requestId?: string | undefined
  /** The call's own id, as the server echoed it. */
  readonly correlationId?: string | undefined
  /** One entry per fault of the input. */
  readonly items?: readonly Fault[] | undefined
  /** The card states that would have been accepted. */
  readonly validStatus?: readonly string[] | undefined
  /** Whole seconds to wait before trying again. */
  readonly retryAfter?: number | undefined
  /** What `x-should-retry` says; it stands above every other rule. */
  readonly shouldRetry?: boolean | undefined
  /** The idempotency key of the call, also one that the client made: with it the answer can be had after all. */
  readonly idempotencyKey?: string | undefined
  /** Which attempt failed last; 1 when it was the first. */
  readonly attempt?: number | undefined
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
