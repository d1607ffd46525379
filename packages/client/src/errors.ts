import type { Issue, Reason } from '@hallpass/contracts'
import { type ErrorDetails, HallpassError } from './hallpass-error.js'

/** Why a call failed: one of the service's reasons, or one of the client's own. */
export type FailureReason = Reason | 'network' | 'aborted' | 'timeout'

/** The details of a failure. */
export interface FailureDetails extends ErrorDetails {
  /** The `Correlation-Id` that you sent, as echoed by the server. */
  readonly correlationId?: string | undefined
  /** One entry for each issue with the input. */
  readonly items?: readonly Issue[] | undefined
  /** The card statuses that would have been accepted. */
  readonly validStatus?: readonly string[] | undefined
  /** The value of `x-should-retry`, which overrides all other retry rules. */
  readonly shouldRetry?: boolean | undefined
  /** The idempotency key of the call, even if the client created it. Retry with it to get the original response. */
  readonly idempotencyKey?: string | undefined
  /** The number of the last attempt, starting at 1. */
  readonly attempt?: number | undefined
}

/** Thrown when a call fails. `reason` is a closed list, so a `switch` over it can be exhaustive. */
export class HallpassClientError extends HallpassError {
  override readonly name = 'HallpassClientError'
  declare readonly reason: FailureReason
  readonly details: FailureDetails

  constructor(reason: FailureReason, message: string, details: FailureDetails = {}) {
    super(reason, message, details)
    this.details = details
  }
}
