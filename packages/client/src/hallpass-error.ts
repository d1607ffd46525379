/** What is known about a failed call. */
export interface ErrorDetails {
  readonly status?: number | undefined
  readonly retryAfter?: number | undefined
  readonly requestId?: string | undefined
  readonly cause?: unknown
}

/** The base class of all errors that this package throws on purpose. Its subclasses have closed lists of reasons. */
export abstract class HallpassError extends Error {
  /** Why it failed. */
  declare readonly reason: string
  /** The HTTP status. Undefined if there was no response. */
  declare readonly status: number | undefined
  /** Seconds to wait before you retry, if the service sent them. */
  declare readonly retryAfter: number | undefined
  /** The request id in the server's log. Undefined if there was no response. */
  declare readonly requestId: string | undefined

  constructor(reason: string, message: string, details: ErrorDetails) {
    super(message, details)
    this.reason = reason
    this.status = details.status
    this.retryAfter = details.retryAfter
    this.requestId = details.requestId
  }
}
