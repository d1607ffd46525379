import type { WidgetSession as SessionAnswer, WidgetConfig } from '@hallpass/contracts'
import type { WidgetSessionError } from './errors.js'
import type { StorageChoice } from './storage.js'

/** What a widget session tells its page about, in the order in which it can first happen. */
export const widgetSessionEvents = ['ready', 'refreshed', 'upgraded', 'expired', 'revoked', 'refused'] as const

/** Who a session speaks for. Never a token. */
export type Visitor = Pick<SessionAnswer, 'session_id' | 'visitor_id' | 'auth_mode' | 'agent_id' | 'user'>

/** One thing that happened to a session. */
export type WidgetSessionEvent =
  /** A session began, was renewed, or went from guest to user with the same `visitor_id`. */
  | { readonly type: 'ready' | 'refreshed' | 'upgraded'; readonly visitor: Visitor }
  /** A session is over: its time ran out or it was forgotten (then the next need begins another), or it was revoked. */
  | { readonly type: 'expired' | 'revoked'; readonly visitor: Visitor }
  /** The service, or the page's own backend, said no. Nothing of this is a matter of the network. */
  | { readonly type: 'refused'; readonly error: WidgetSessionError }

/** How a session stands. A new object at every change, the same one between two. */
export interface WidgetSessionState {
  readonly status: 'idle' | 'ready' | 'expired' | 'revoked' | 'refused'
  /** Present while the session is alive; also while the service cannot be reached. */
  readonly visitor?: Visitor
  /** Why it was refused; or, beside `ready`, why it cannot be renewed at this moment. */
  readonly error?: WidgetSessionError
}

/** How to begin a session, and as whom. */
export interface WidgetSessionOptions {
  /** The service's origin, such as `https://pass.example.com`. */
  readonly baseUrl: string
  /** `pk_live_…` or `pk_test_…`. */
  readonly clientKey: string
  /** Asks the page's own backend for a visitor token; undefined: nobody is logged in. It has 10 seconds. Without it everybody is a guest. */
  readonly visitorToken?: () => Promise<string | undefined>
  /** Who is logged in, by the page's own id. With it, pages and tabs share the session of this user, and of nobody else. */
  readonly userId?: string
  /** Inside a widget's iframe: gets a ticket that proves the origin of the page around it. */
  readonly embedTicket?: () => Promise<string>
  readonly agentId?: string
  /** Sent with a guest call, and the claim `metadata` of the session from then on. At most 4 KiB of JSON. Anyone can read and make it up. */
  readonly metadata?: Readonly<Record<string, unknown>>
  /** A language tag such as `en`. */
  readonly locale?: string
  /** Where the session outlives the page; `memory` by default. */
  readonly storage?: StorageChoice
  /** `false`: this page keeps its session to itself. Otherwise pages of this origin with the same client key share one. */
  readonly share?: boolean
  /** Pages with different groups share nothing, although they have the same client key. */
  readonly group?: string
  /** Origins that {@link WidgetSession.fetchWithSession} may send the token to, besides the service's and the page's own. */
  readonly resourceOrigins?: readonly string[]
  /**
   * How often, in seconds, the revocation feed of the service is read, by one of the tabs; not at all by default. Then a
   * revocation is seen when a resource server answers 401, or at the next renewal. Needs a secure context.
   */
  readonly revocationSeconds?: number
  /** In place of the global fetch. */
  readonly fetch?: typeof globalThis.fetch
}

/**
 * A visitor's session: begun on first need, kept alive until closed, shared by all tabs. Methods fail with
 * {@link WidgetSessionError}; `fetchWithSession` also as `fetch` itself does.
 */
export interface WidgetSession {
  readonly state: () => WidgetSessionState
  /** Hears every event from now on; the result stops that. The first listener does not begin a session. */
  readonly subscribe: (listener: (event: WidgetSessionEvent) => void) => () => void
  /** Calls back after every change of the state. */
  readonly watch: (listener: () => void) => () => void
  /** A session token that is alive. Begins a session where there is none. */
  readonly token: () => Promise<string>
  /** Begins a session now, also after one was revoked. */
  readonly begin: () => Promise<Visitor>
  /** What the widget shows before anyone is known. */
  readonly config: () => Promise<WidgetConfig>
  /** Makes the guest a user, in all tabs; `visitor_id` stays. Takes a visitor token of the page's backend. */
  readonly upgrade: (visitorToken: string) => Promise<Visitor>
  /** `fetch` with the token. A 401 is answered by one renewal and one more try. */
  readonly fetchWithSession: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>
  /**
   * Drops the session in all tabs, as for a logout; whoever waits for one is told `aborted`. Ending it for the service too
   * is the backend's part.
   */
  readonly forget: () => void
  /** Lets go of timers, listeners and tabs. The next use opens them again. */
  readonly close: () => void
}
