import type { Deadline } from '../deadline.js'
import type { Trace } from '../tracing/tracing.js'

/** Request headers as they arrived: names in lower case, repeated headers counted. */
export interface RequestHeaders {
  readonly get: (name: string) => string | undefined
  /** How many times the header was sent. */
  readonly count: (name: string) => number
}

/** The transport that a call arrived by. */
export type Transport = 'rest' | 'trpc'

/** One call as its transport passes it on. Nothing in it is trusted yet. */
export interface Call {
  readonly transport: Transport
  /** The raw input. Throws `malformed_request` if it can't be read, so that earlier checks come first. */
  readonly input: () => unknown
  readonly headers: RequestHeaders
  /** The caller's network address. */
  readonly address: string
  /** The server's own id of this request, a UUID. */
  readonly requestId: string
  /** When the caller must have its response. */
  readonly deadline: Deadline
  /** The trace that the request belongs to, if there is one. */
  readonly trace?: Trace | undefined
}
