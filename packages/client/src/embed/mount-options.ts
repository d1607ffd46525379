import type { WidgetSessionEvent } from '../browser/session-types.js'

/** The widget to mount, its container, and its user. */
export interface MountOptions {
  /** The service's origin, such as `https://pass.example.com`. */
  readonly baseUrl: string
  /** `pk_live_…` or `pk_test_…`. This page's origin must be on its allowlist. */
  readonly clientKey: string
  /** The URL of the widget's page, on its own origin. Only the query parameter `client_key` is added. */
  readonly widgetUrl: string
  /** The element for the iframe. A widget that is already mounted here is unmounted first. */
  readonly container: Element
  /** Gets a visitor token from the page's backend, or undefined if no one is logged in. Without it, every visitor is a guest. */
  readonly visitorToken?: () => Promise<string | undefined>
  /** The page's own id of the logged-in user. */
  readonly userId?: string
  /** The language of the visitor, such as `de`. A widget that sets its own `locale` ignores it. */
  readonly locale?: string
  /** The iframe's title, for screen readers. */
  readonly title?: string
  /** The iframe's `sandbox`. It must include `allow-same-origin`: without an origin, a widget can't get a session. */
  readonly sandbox?: string
  /** The iframe's `allow`. Empty by default. */
  readonly allow?: string
  /** More attributes of the iframe, such as `{ loading: 'lazy', class: 'chat' }`. */
  readonly attributes?: Readonly<Record<string, string>>
  /**
   * The iframe's `credentialless`. True by default on cross-origin isolated pages (COEP), where the browser blocks other
   * iframes unless their pages send COEP and CORP headers. Set it to false if your widget's page sends them.
   */
  readonly credentialless?: boolean
  readonly onEvent?: (event: EmbedEvent) => void
  /** Called with messages from the widget. */
  readonly onMessage?: (data: unknown) => void
  /** Used instead of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
}

/**
 * An event of an embedded widget: any event of its session, or that the widget is connected. `refused` also says why the
 * widget isn't shown, or has no session because the service can't be reached.
 */
export type EmbedEvent = WidgetSessionEvent | { readonly type: 'connected' }

/**
 * What a mounted widget is doing: `starting` (not connected yet), `connected` (no session yet), `ready` (has a session),
 * `ended` (its session expired or was revoked), or `unmounted`. If it failed: `blocked` (the browser doesn't show it in
 * this page), `offline` (its page or the service can't be reached), `silent` (its page doesn't respond) or `refused` (any
 * other reason; see the event).
 */
export type WidgetState =
  | 'starting'
  | 'connected'
  | 'ready'
  | 'ended'
  | 'blocked'
  | 'offline'
  | 'silent'
  | 'refused'
  | 'unmounted'

/** A mounted widget. */
export interface MountedWidget {
  readonly iframe: HTMLIFrameElement
  readonly state: () => WidgetState
  /** Turns the guest into a user, with a visitor token from the page's backend. Rejects if no widget responds or it is unmounted. */
  readonly upgrade: (visitorToken: string) => Promise<void>
  /** Drops the session in all tabs. Call it on logout. */
  readonly forget: () => void
  /**
   * Sends a message to the widget. The message is delivered once the widget is connected, and again if the widget reloads
   * before it received it.
   */
  readonly post: (data: unknown) => void
  /** Removes the widget and closes its connection. */
  readonly unmount: () => void
}
