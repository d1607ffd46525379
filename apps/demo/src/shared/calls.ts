/**
 * The participants of the flows: the host page and the widget's frame in the browser, the shop's backend, the widget
 * provider's backend (for cards, the processor), and Hallpass.
 */
export type Actor = 'browser' | 'widget' | 'backend' | 'widget-host' | 'processor' | 'hallpass'

/**
 * One HTTP request, as recorded by its caller. The caller removes secrets before it passes the record on: secret keys,
 * refresh tokens, card numbers and PINs become `‹…›`. Other tokens remain, so that the demo can show them.
 */
export interface Call {
  /** Unique across all callers. */
  readonly id: string
  readonly from: Actor
  readonly to: Actor
  /** Milliseconds since the epoch. Orders the calls of different callers. */
  readonly startedAt: number
  readonly milliseconds: number
  readonly method: string
  /** Path and query, without the origin. */
  readonly path: string
  /** For calls to Hallpass: the id of the operation, such as `bridge.initialize`. */
  readonly operation?: string
  readonly request: CallPart
  /** Absent if there was no response. */
  readonly status?: number
  readonly response?: CallPart
}

/** Selected headers, and the body: parsed if it is JSON, otherwise text. */
export interface CallPart {
  readonly headers: Readonly<Record<string, string>>
  readonly body?: unknown
}
