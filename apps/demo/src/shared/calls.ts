/**
 * Who takes part in the flows: the host page and a widget's frame in the browser, the shop's backend, the backend of
 * whoever provides the widget (for cards that is the processor), and Hallpass.
 */
export type Actor = 'browser' | 'widget' | 'backend' | 'widget-host' | 'processor' | 'hallpass'

/**
 * One HTTP request that was made, as its caller saw it. Secrets are cut out by the caller, before anything is passed on:
 * secret keys, refresh tokens, card numbers and PINs stand as `‹…›`. Tokens of other kinds stand as they are, to be shown.
 */
export interface Call {
  /** Unique, also among the calls of several callers. */
  readonly id: string
  readonly from: Actor
  readonly to: Actor
  /** Milliseconds since the epoch: what puts the calls of several callers in order. */
  readonly startedAt: number
  readonly milliseconds: number
  readonly method: string
  /** Path and query, without the origin. */
  readonly path: string
  /** The id of the operation, such as `bridge.initialize`, where Hallpass was asked. */
  readonly operation?: string
  readonly request: CallPart
  /** Absent when no answer came. */
  readonly status?: number
  readonly response?: CallPart
}

/** Headers worth seeing, and the body: parsed where it is JSON, text where it is not. */
export interface CallPart {
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}
