import { isPlainObject, widgetAuthPath } from '@hallpass/contracts/core'
import { callService } from '../browser/call-service.js'
import { WidgetSessionError } from '../browser/errors.js'
import { browserPlatform } from '../browser/platform.js'
import { unpackError } from '../browser/portable-error.js'
import { tell } from '../browser/session-state.js'
import type { WidgetSessionEvent } from '../browser/session-types.js'
import { handshake } from './handshake.js'
import { connectOf } from './messages.js'
import { closedError, createPortRpc, type PortRpc } from './port-rpc.js'

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
  /** The iframe's title, for screen readers. */
  readonly title?: string
  /** The iframe's `sandbox`. It must include `allow-same-origin`: without an origin, a widget can't get a session. */
  readonly sandbox?: string
  /** The iframe's `allow`. Empty by default. */
  readonly allow?: string
  readonly onEvent?: (event: EmbedEvent) => void
  /** Called with messages from the widget. */
  readonly onMessage?: (data: unknown) => void
  /** Used instead of the global `fetch`. */
  readonly fetch?: typeof globalThis.fetch
}

/** An event of an embedded widget: any event of its session, or that the widget is connected. */
export type EmbedEvent = WidgetSessionEvent | { readonly type: 'connected' }

/** A mounted widget. */
export interface MountedWidget {
  readonly iframe: HTMLIFrameElement
  /** Turns the guest into a user, with a visitor token from the page's backend. Rejects if no widget responds or it is unmounted. */
  readonly upgrade: (visitorToken: string) => Promise<void>
  /** Drops the session in all tabs. Call it on logout. */
  readonly forget: () => void
  /** Sends a message to the widget. */
  readonly post: (data: unknown) => void
  /** Removes the widget and closes its connection. */
  readonly unmount: () => void
}

const defaultSandbox = 'allow-scripts allow-same-origin allow-forms allow-popups'

/** A registered symbol, which every copy of this library in the page shares. */
const mounted = Symbol.for('@hallpass/embed mounted')

/**
 * * Mounts a widget in the page and handles its requests.
 * @example
 * const widget = mountWidget({ baseUrl, clientKey, widgetUrl: 'https://widgets.example.com/chat', container })
 */
export function mountWidget(options: MountOptions): MountedWidget {
  const container: Element & { [mounted]?: MountedWidget } = options.container
  container[mounted]?.unmount()
  const url = new URL(options.widgetUrl, location.href)
  url.searchParams.set('client_key', options.clientKey)
  const iframe = frameOf(options, url)
  const link = createLink(options, iframe)
  const stopHandshake = handshake({
    frame: iframe,
    origin: url.origin,
    onAnswer: (widget) => link.connect(widget, url.origin),
    onTimeout() {
      const error = timeoutError(url.origin)
      link.fail(error)
      options.onEvent?.({ type: 'refused', error })
    },
  })
  const widget: MountedWidget = {
    iframe,
    upgrade: (visitorToken) =>
      new Promise((resolve, reject) => {
        link.use((rpc) => void rpc.call('upgrade', visitorToken).then(() => resolve(), reject), reject)
      }),
    forget: () => link.use((rpc) => rpc.notify('forget')),
    post: (data) => link.use((rpc) => rpc.notify('message', data)),
    unmount() {
      stopHandshake()
      link.close()
      iframe.remove()
      if (container[mounted] === widget) delete container[mounted]
    },
  }
  container[mounted] = widget
  container.append(iframe)
  return widget
}

function frameOf({ title, sandbox = defaultSandbox, allow }: MountOptions, url: URL): HTMLIFrameElement {
  if (!sandbox.split(/\s+/).includes('allow-same-origin')) {
    throw new WidgetSessionError(
      'no_origin',
      'The sandbox of a widget must include allow-same-origin: without it, the widget has no origin.',
    )
  }
  const iframe = document.createElement('iframe')
  iframe.title = title ?? 'Widget'
  iframe.setAttribute('sandbox', sandbox)
  iframe.allow = allow ?? ''
  iframe.referrerPolicy = 'strict-origin'
  iframe.style.cssText = 'border:0;width:100%;height:100%;color-scheme:normal'
  iframe.src = url.href
  return iframe
}

/** The connection to the current document in the frame. A reload creates a new one. */
function createLink(options: MountOptions, iframe: HTMLIFrameElement) {
  let current: PortRpc | undefined
  let failure: WidgetSessionError | undefined
  let waiting: Waiting[] = []
  const fail = (error: WidgetSessionError) => {
    failure = error
    for (const { onFailure } of waiting) onFailure?.(error)
    waiting = waiting.filter(({ onFailure }) => !onFailure)
  }
  const handlers = handlersOf(options, iframe)
  return {
    connect(widget: Window, origin: string) {
      current?.close()
      const { port1, port2 } = new MessageChannel()
      const rpc = createPortRpc(port1, handlers)
      current = rpc
      failure = undefined
      const { clientKey: client_key, userId: user_id, visitorToken } = options
      const connect = connectOf({ client_key, user_id, has_visitor_token: visitorToken !== undefined })
      widget.postMessage(connect, origin, [port2])
      if (options.onEvent) tell(options.onEvent, { type: 'connected' })
      for (const { use } of waiting.splice(0)) tell(use, rpc)
    },
    /** Calls `use` once a widget is connected. If that fails, calls `onFailure` if there is one, and otherwise keeps waiting. */
    use(use: Waiting['use'], onFailure?: Waiting['onFailure']) {
      if (current) use(current)
      else if (failure && onFailure) onFailure(failure)
      else waiting.push({ use, onFailure })
    },
    fail,
    close() {
      fail(closedError())
      waiting = []
      current?.close()
      current = undefined
    },
  }
}

interface Waiting {
  readonly use: (rpc: PortRpc) => void
  readonly onFailure?: ((error: WidgetSessionError) => void) | undefined
}

/** The page's handlers for the widget's requests and notifications. */
function handlersOf(options: MountOptions, iframe: HTMLIFrameElement) {
  return {
    embed_ticket: () => getEmbedTicket(options),
    visitor_token: () => options.visitorToken?.(),
    event: (event: unknown) => options.onEvent?.(eventOf(event)),
    message: (data: unknown) => options.onMessage?.(data),
    size(height: unknown) {
      if (typeof height === 'number' && height >= 0) iframe.style.height = `${Math.min(height, 10_000)}px`
    },
  }
}

/** Requests a ticket for this page's origin, which the browser sends with the call. */
async function getEmbedTicket({ baseUrl, clientKey, fetch }: MountOptions): Promise<string> {
  const call = { path: `${widgetAuthPath}embed-ticket`, body: { client_key: clientKey } }
  const answer = await callService({ baseUrl, platform: browserPlatform(fetch) }, call)
  if (isPlainObject(answer) && typeof answer.ticket === 'string') return answer.ticket
  throw new WidgetSessionError('network', 'The response is not from Hallpass.')
}

/** Restores an event of the widget's session, whose error was serialized. */
function eventOf(event: unknown): EmbedEvent {
  const { type, error } = isPlainObject(event) ? event : {}
  if (type === 'refused') return { type, error: unpackError(error) }
  // trusted: this page chose the widget's page
  return event as EmbedEvent
}

const timeoutError = (origin: string) =>
  new WidgetSessionError(
    'frame_silent',
    `No widget of ${origin} responded. It may be down, or not allow this page to embed it.`,
  )
