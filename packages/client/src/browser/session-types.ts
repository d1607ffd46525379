import type { WidgetSession as SessionAnswer, WidgetConfig } from '@hallpass/contracts'
import type { WidgetSessionError } from './errors.js'
import type { KeyBinding } from './key-binding.js'
import type { StorageChoice } from './storage.js'

/** The events of a widget session, in the order in which they can first occur. */
export const widgetSessionEvents = ['ready', 'refreshed', 'upgraded', 'expired', 'revoked', 'refused'] as const

/** The visitor of a session. Contains no tokens. */
export type Visitor = Pick<SessionAnswer, 'session_id' | 'visitor_id' | 'auth_mode' | 'agent_id' | 'user'>

/** An event of a session. */
export type WidgetSessionEvent =
  /** The session began, was refreshed, or changed from guest to user with the same `visitor_id`. */
  | { readonly type: 'ready' | 'refreshed' | 'upgraded'; readonly visitor: Visitor }
  /** The session expired or was forgotten (then the next use begins a new one), or it was revoked. */
  | { readonly type: 'expired' | 'revoked'; readonly visitor: Visitor }
  /** The service or the page's backend refused. Network failures don't cause this event. */
  | { readonly type: 'refused'; readonly error: WidgetSessionError }

/** The state of a session: a new object after each change, and the same one in between. */
export interface WidgetSessionState {
  /** `pending`: a session begins. */
  readonly status: 'idle' | 'pending' | 'ready' | 'expired' | 'revoked' | 'refused'
  /** Present while there is a session, even if the service is unreachable. */
  readonly visitor?: Visitor
  /** Why the session was refused. With status `ready`: why it can't be refreshed at the moment. */
  readonly error?: WidgetSessionError
}

/** The service, client key and visitor of a session. */
export interface WidgetSessionOptions {
  /** The service's origin, such as `https://pass.example.com`. */
  readonly baseUrl: string
  /** `pk_live_…` or `pk_test_…`. */
  readonly clientKey: string
  /** Gets a visitor token from the page's backend within 10 seconds, or undefined if no one is logged in. Without it, every visitor is a guest. */
  readonly visitorToken?: () => Promise<string | undefined>
  /** The page's own id of the logged-in user. With it, pages and tabs share the session of this user only. */
  readonly userId?: string
  /** In a widget's iframe: gets a ticket that proves the origin of the host page, for each session that starts there. */
  readonly embedTicket?: () => Promise<string>
  readonly agentId?: string
  /** Becomes the claim `metadata` of a guest session. At most 4 KiB of JSON. Not verified, and not secret. */
  readonly metadata?: Readonly<Record<string, unknown>>
  /** A language tag such as `en`. */
  readonly locale?: string
  /** Where to store the session. Default: `memory`. */
  readonly storage?: StorageChoice
  /** If `false`, this page doesn't share its session. By default, pages of the same origin and client key share one. */
  readonly share?: boolean
  /** Pages share a session only within the same group. */
  readonly group?: string
  /** Origins to which {@link WidgetSession.fetchWithSession} can send the token, besides the service's and the page's own. */
  readonly resourceOrigins?: readonly string[]
  /**
   * How often one of the tabs reads the service's revocation feed, in seconds. By default, it isn't read, and a revocation
   * takes effect when a resource server returns 401 or at the next refresh. Requires a secure context.
   */
  readonly revocationSeconds?: number
  /** Binds the session to a key of this browser: `bindToKey()` of `@hallpass/client/dpop`. By default, it isn't bound. */
  readonly binding?: KeyBinding
  /** Used instead of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
}

/** Options of a call. */
export interface CallOptions {
  /** Aborts the call, which then rejects with `aborted`. Without it, a call takes at most 45 seconds. */
  readonly signal?: AbortSignal | undefined
}

/**
 * A visitor's session. It begins on first use, is shared by all tabs, and is refreshed until closed. Methods reject with
 * {@link WidgetSessionError}; `fetchWithSession` can also reject like `fetch`.
 */
export interface WidgetSession {
  readonly state: () => WidgetSessionState
  /** Listens for events. Returns a function that stops listening. Doesn't begin a session. */
  readonly subscribe: (listener: (event: WidgetSessionEvent) => void) => () => void
  /** Calls back after each change of the state. Returns a function that stops this. */
  readonly watch: (listener: () => void) => () => void
  /** Gets a valid session token. Begins a session if there is none. */
  readonly token: (options?: CallOptions) => Promise<string>
  /** Begins a session now, even if the previous one was revoked. */
  readonly begin: (options?: CallOptions) => Promise<Visitor>
  /** Loads the widget config, which doesn't require a session. */
  readonly config: (options?: CallOptions) => Promise<WidgetConfig>
  /** Turns the guest into a user in all tabs, with a visitor token from the page's backend. The `visitor_id` stays the same. */
  readonly upgrade: (visitorToken: string, options?: CallOptions) => Promise<Visitor>
  /** `fetch` with the session token. After a 401, refreshes the token and tries once more. */
  readonly fetchWithSession: (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>
  /**
   * Drops the session in all tabs, and ends it on the service. Call it on logout. Pending calls reject with `aborted`. If the
   * service can't be reached, the tokens expire by themselves, unless your backend revokes the session.
   */
  readonly forget: () => void
  /** Releases timers, listeners and tabs. The next use opens them again. */
  readonly close: () => void
}
