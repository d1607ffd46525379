import type { Call } from './calls.js'

export type { Actor, Call } from './calls.js'

/** Why something was refused: the service's reason and its words. */
export interface Refusal {
  readonly reason: string
  readonly message: string
}

/** What came of asking: the answer or the refusal. */
export type Outcome<T> = { readonly answer: T } | { readonly refusal: Refusal }

/** What every action of a backend answers: the outcome, and the calls it took to get it. */
export type BackendAnswer<T> = Outcome<T> & { readonly calls: readonly Call[] }

/** What the host page has to know before it can do anything; nothing in it is secret. */
export interface DemoSettings {
  /** Where Hallpass listens, such as `http://127.0.0.1:8787`. */
  readonly hallpassUrl: string
  /** Where the widget pages are served. */
  readonly widgetsUrl: string
  /** A page of an origin that no client key allows. */
  readonly evilUrl: string
  readonly clientKey: string
  /** Who is logged in at the shop. */
  readonly user: { readonly id: string; readonly display_name: string }
  readonly customer: { readonly id: string; readonly name: string }
  readonly cards: readonly { readonly id: string; readonly last_four: string }[]
}
