import { createWidgetSession } from '../browser/create-widget-session.js'
import { WidgetSessionError } from '../browser/errors.js'
import { tell } from '../browser/session-state.js'
import type { WidgetSession, WidgetSessionOptions } from '../browser/session-types.js'
import { tokenPayload } from '../browser/token-payload.js'
import { type Connect, hello, isConnect, isHello, start } from './messages.js'
import { createPortRpc, type PortRpc } from './port-rpc.js'
import { refusedEvent, reportSession } from './report-session.js'

/** The widget's options for its session. The client key, the user and the tokens come from the host page. */
export interface ConnectOptions
  extends Pick<
    WidgetSessionOptions,
    | 'baseUrl'
    | 'agentId'
    | 'locale'
    | 'storage'
    | 'share'
    | 'resourceOrigins'
    | 'revocationSeconds'
    | 'binding'
    | 'fetch'
  > {
  /** Called with the host page's origin. Return false to refuse the page. By default, only Hallpass's allowlist decides. */
  readonly isHostAllowed?: (origin: string) => boolean
  /** Milliseconds to wait for the host page. Default: 12,000. */
  readonly patience?: number
  /** Keeps the iframe as high as the widget's content. Without it, call {@link HostLink.resize}. */
  readonly autoResize?: boolean
}

/** The widget's connection to its host page. */
export interface HostLink {
  /** The host page's origin, as reported by the browser. */
  readonly origin: string
  readonly clientKey: string
  readonly session: WidgetSession
  /** Sends a message to the host page. */
  readonly post: (data: unknown) => void
  /** Listens for messages from the host page. Returns a function that stops listening. */
  readonly onMessage: (listener: (data: unknown) => void) => () => void
  /** Sets the iframe's height in CSS pixels. */
  readonly resize: (height: number) => void
  readonly close: () => void
}

/**
 * * Connects a widget's iframe to the page that mounted it. Throws {@link WidgetSessionError} with reason `frame_silent` or
 * `host_not_allowed`.
 * @example
 * const host = await connectToHost({ baseUrl: 'https://pass.example.com' })
 * const answer = await host.session.fetchWithSession('/messages')
 */
export async function connectToHost(options: ConnectOptions): Promise<HostLink> {
  const { connect, origin, port } = await waitForHost(options)
  const listeners = new Set<(data: unknown) => void>()
  const rpc: PortRpc = createPortRpc(port, {
    upgrade: async (token) => void (await session.upgrade(String(token))),
    forget: () => session.forget(),
    message: (data) => {
      for (const listener of [...listeners]) tell(listener, data)
    },
  })
  const own = createWidgetSession(sessionOptionsOf(options, { connect, origin, rpc }))
  const [session, stopReporting] = reportSession(own, (event) => rpc.notify('event', event))
  const resize = (height: number) => rpc.notify('size', height)
  const stopResizing = options.autoResize ? followHeight(resize) : () => {}
  return {
    origin,
    clientKey: connect.client_key,
    session,
    post: (data) => rpc.notify('message', data),
    onMessage(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    resize,
    close() {
      stopReporting()
      stopResizing()
      session.close()
      rpc.close()
    },
  }
}

interface HostConnection {
  readonly connect: Connect
  readonly origin: string
  readonly port: MessagePort
}

/** Replies to the parent page's hello messages until it passes a port. Ignores all other windows. */
function waitForHost({ isHostAllowed = () => true, patience = 12_000 }: ConnectOptions): Promise<HostConnection> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      removeEventListener('message', listen)
    }
    const refuse = (reason: 'no_origin' | 'host_not_allowed' | 'frame_silent', message: string) => {
      end()
      const error = new WidgetSessionError(reason, message)
      reject(error)
      return error
    }
    const listen = ({ data, source, origin, ports: [port] }: MessageEvent) => {
      if (source !== parent || !(isHello(data) || isConnect(data))) return
      if (origin === 'null') {
        // a page with an opaque origin can't be addressed: no targetOrigin matches it
        refuse('no_origin', 'The host page has no origin, because it is a file or sandboxed.')
      } else if (!isConnect(data)) {
        parent.postMessage(hello, origin)
      } else if (port) {
        if (!isHostAllowed(origin)) {
          const error = refuse('host_not_allowed', `This widget does not allow pages of ${origin}.`)
          createPortRpc(port, {}).notify('event', refusedEvent(error))
        }
        end()
        resolve({ connect: data, origin, port })
      }
    }
    const giveUp = () => refuse('frame_silent', 'No host page has connected to this widget.')
    const timer = setTimeout(giveUp, patience)
    addEventListener('message', listen)
    // any page may learn that a widget has started: it contains nothing, and the port goes to the widget's origin only
    if (parent !== window) parent.postMessage(start, '*')
    else giveUp()
    if (globalThis.origin === 'null') refuse('no_origin', 'The widget or the host page is sandboxed.')
  })
}

function sessionOptionsOf(
  options: ConnectOptions,
  host: Omit<HostConnection, 'port'> & { rpc: PortRpc },
): WidgetSessionOptions {
  const { connect, origin, rpc } = host
  const { isHostAllowed, patience, autoResize, ...rest } = options
  const askForToken = async () => textOf(await rpc.call('visitor_token'))
  return {
    ...rest,
    clientKey: connect.client_key,
    ...(rest.locale === undefined && connect.locale !== undefined ? { locale: connect.locale } : {}),
    // each host origin has its own visitor
    group: origin,
    embedTicket: async () => checkTicket(textOf(await rpc.call('embed_ticket')), origin),
    ...(connect.user_id === undefined ? {} : { userId: connect.user_id }),
    ...(connect.has_visitor_token ? { visitorToken: askForToken } : {}),
  }
}

/** Reports the height of the document's content, now and whenever it changes. Returns a function that stops. */
function followHeight(onHeight: (height: number) => void): () => void {
  const observer = new ResizeObserver(() =>
    onHeight(Math.ceil(document.documentElement.getBoundingClientRect().height)),
  )
  observer.observe(document.documentElement)
  return () => observer.disconnect()
}

/** Only the browser knows the host page's origin, so the widget must compare it with the ticket's. */
function checkTicket(ticket: string | undefined, origin: string): string {
  if (ticket !== undefined && tokenPayload(ticket)?.origin === origin) return ticket
  throw new WidgetSessionError('host_not_allowed', `The ticket was not issued for the host page, ${origin}.`)
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)
