import {
  type Dialect,
  type Issue,
  type Operation,
  publishedReason,
  type Reason,
  type RefusalReason,
  type RefusalStatus,
  reasons,
} from '@hallpass/contracts'

/**
 * Why a call was refused, shown to the account only: error responses are deliberately vague. Never contains a secret.
 */
export interface Explanation {
  /** What the server expected. */
  readonly rule?: string
  /** What it received. */
  readonly seen?: string
  /** How to fix it. */
  readonly fix?: string
  /** The account and the keys of the call, if only the explanation found them out. */
  readonly accountId?: string
  readonly apiKeyId?: string
  readonly clientKeyId?: string
}

/** What an error can carry besides its message. */
export interface RefusalDetails {
  /** One entry for each invalid field. */
  readonly items?: readonly Issue[]
  /** The card statuses that the operation accepts. */
  readonly valid_status?: readonly string[]
  /** Whole seconds to wait before a retry. */
  readonly retryAfter?: number
  /** The caller's dialect, if that dialect has its own name for the reason. */
  readonly dialect?: Dialect
  /** The authentication scheme that the caller used. Bearer if unset. */
  readonly scheme?: 'Bearer' | 'Basic'
  /** For the log only. Never sent. */
  readonly cause?: unknown
  /** Never sent. Called only after the response, so that no response takes longer than another. */
  readonly explain?: () => Explanation | Promise<Explanation>
}

/**
 * Every refusal of the service. The message is for the caller, and the cause is for the log. It has no stack: nothing
 * shows it, and recording it took 8 µs, a tenth of a refused call. A cause has its own.
 */
export class HallpassError extends Error {
  override readonly name = 'HallpassError'
  readonly reason: RefusalReason
  readonly details: RefusalDetails

  constructor(reason: RefusalReason, message: string, details: RefusalDetails = {}) {
    const { stackTraceLimit } = Error
    Error.stackTraceLimit = 0
    super(message, { cause: details.cause })
    Error.stackTraceLimit = stackTraceLimit
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

/**
 * The message that callers of an operation see, the same over every transport. The Visitor API documents a phrase for
 * some reasons, and shows the first invalid field in other messages.
 */
export function publicMessage(error: HallpassError, operation: Operation | undefined): string {
  const phrase = operation?.phrases?.[error.reason]
  if (phrase !== undefined || operation?.dialect !== 'text') return phrase ?? error.message
  const [fault] = error.details.items ?? []
  return fault?.reference ? `Invalid ${fault.reference}: ${fault.detail}` : error.message
}

/** Why the server or a command cannot start, as one line for the operator. */
export class StartError extends Error {
  override readonly name = 'StartError'
}
