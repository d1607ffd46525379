import type { Call } from './calls.js'

export type { Actor, Call } from './calls.js'

/** The reason and message of a refused call. */
export interface Refusal {
  readonly reason: string
  readonly message: string
}

/** The result of a call: an answer or a refusal. */
export type Outcome<T> = { readonly answer: T } | { readonly refusal: Refusal }

/** The response to every action of a backend: the outcome, and the calls that the backend made for it. */
export type BackendAnswer<T> = Outcome<T> & { readonly calls: readonly Call[] }

/** The settings of the host page. Contains no secrets. */
export interface DemoSettings {
  /** The URL of Hallpass, such as `http://127.0.0.1:8787`. */
  readonly hallpassUrl: string
  /** The URL of the widget host. */
  readonly widgetsUrl: string
  /** The URL of a page whose origin no client key allows. */
  readonly attackerUrl: string
  readonly clientKey: string
  /** The user who is logged in to the shop. */
  readonly user: { readonly id: string; readonly display_name: string }
  readonly customer: { readonly id: string; readonly name: string }
  readonly cards: readonly { readonly id: string; readonly last_four: string }[]
}
