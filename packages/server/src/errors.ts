import {
  type Dialect,
  type Issue,
  publishedReason,
  type Reason,
  type RefusalReason,
  type RefusalStatus,
  reasons,
} from '@hallpass/contracts'

/** Why a call was refused, for its account's own eyes: answers are alike for everyone and do not say it. Never a secret. */
export interface Explanation {
  /** What is demanded. */
  readonly rule?: string
  /** What came instead. */
  readonly seen?: string
  /** What to do. */
  readonly fix?: string
  /** Whose call it was, where only the explanation found that out. */
  readonly accountId?: string
  readonly apiKeyId?: string
  readonly clientKeyId?: string
}

/** What a refusal may carry beside its words. */
export interface RefusalDetails {
  /** One entry per fault of the input. */
  readonly items?: readonly Issue[]
  /** The card states that would have been accepted. */
  readonly valid_status?: readonly string[]
  /** Whole seconds to wait before trying again. */
  readonly retryAfter?: number
  /** The caller's dialect, if it may have a name of its own for the reason. */
  readonly dialect?: Dialect
  /** For the log only; never sent. */
  readonly cause?: unknown
  /** Never sent, and found out only after the answer, so that no answer takes longer than another. */
  readonly explain?: () => Explanation | Promise<Explanation>
}

/** Every refusal of the service. The message is for the caller, the cause is for the log. */
export class HallpassError extends Error {
  override readonly name = 'HallpassError'
  readonly reason: RefusalReason
  readonly details: RefusalDetails

  constructor(reason: RefusalReason, message: string, details: RefusalDetails = {}) {
    super(message, { cause: details.cause })
    this.reason = reason
    this.details = details
  }

  /** The reason that callers see. */
  get publicReason(): Reason {
    return publishedReason(this.reason, this.details.dialect)
  }

  get status(): RefusalStatus {
    return reasons[this.publicReason]
  }
}

/** A reason the server cannot start, in one line for the operator. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
