/** Who takes part in the flows. */
export type Actor = 'browser' | 'backend' | 'hallpass'

/** One HTTP request that was made, as its caller saw it. */
export interface Call {
  readonly from: Actor
  readonly to: Actor
  readonly method: string
  /** Path and query, without the origin. */
  readonly path: string
  /** Absent when no answer came. */
  readonly status?: number
  readonly milliseconds: number
}

/** Why something was refused: the service's reason and its words. */
export interface Refusal {
  readonly reason: string
  readonly message: string
}

/** What came of asking: the answer or the refusal. */
export type Outcome<T> = { readonly answer: T } | { readonly refusal: Refusal }

/** What every action of the backend answers: the outcome, and the calls it took to get it. */
export type BackendAnswer<T> = Outcome<T> & { readonly calls: readonly Call[] }

/** What the page has to know before it can do anything; nothing in it is secret. */
export interface DemoSettings {
  /** Where Hallpass listens, such as `http://127.0.0.1:8787`. */
  readonly hallpassUrl: string
  readonly clientKey: string
}
