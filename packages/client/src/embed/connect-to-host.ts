import { createWidgetSession } from '../browser/create-widget-session.js'
import { WidgetSessionError } from '../browser/errors.js'
import { packError } from '../browser/portable-error.js'
import { tell } from '../browser/session-state.js'
import type { WidgetSession, WidgetSessionEvent, WidgetSessionOptions } from '../browser/session-types.js'
import { tokenPayload } from '../browser/token-payload.js'
import { type Connect, hello, isConnect, isHello } from './messages.js'
import { type PortCalls, talkOver } from './port-calls.js'

/** How the widget's page wants its session. Client key, user and tokens come from the page around it. */
export interface ConnectOptions
  extends Pick<
    WidgetSessionOptions,
    'baseUrl' | 'agentId' | 'locale' | 'storage' | 'share' | 'resourceOrigins' | 'revocationSeconds' | 'fetch'
  > {
  /** Called with the origin of the page around; false: nothing is said to it. By default the service decides, by its allowlist. */
  readonly isHostAllowed?: (origin: string) => boolean
  /** Milliseconds to wait for the page around; 12,000 by default. */
  readonly patience?: number
}

/** A widget's side of its page. */
export interface HostLink {
  /** The origin of the page around, as the browser says it. */
  readonly origin: string
  readonly clientKey: string
  readonly session: WidgetSession
  /** Says something to the page. */
  readonly post: (data: unknown) => void
  /** Hears what the page posts; the result stops that. */
  readonly onMessage: (listener: (data: unknown) => void) => () => void
  /** Makes the iframe this high, in CSS pixels. */
  readonly resize: (height: number) => void
  readonly close: () => void
}

/**
 * Waits, inside an iframe, for the page that mounted it. Throws {@link WidgetSessionError}: `frame_silent`, `host_not_allowed`.
 * @example
 * const host = await connectToHost({ baseUrl: 'https://pass.example.com' })
 * const answer = await host.session.fetchWithSession('/messages')
 */
export async function connectToHost(options: ConnectOptions): Promise<HostLink> {
  const { connect, origin, port } = await meetHost(options)
  const listeners = new Set<(data: unknown) => void>()
  const calls: PortCalls = talkOver(port, {
    upgrade: async (token) => void (await session.upgrade(String(token))),
    forget: () => session.forget(),
    message: (data) => {
      for (const listener of [...listeners]) tell(listener, data)
    },
  })
  const session = createWidgetSession(sessionOptionsOf(options, { connect, origin, calls }))
  const stopTelling = session.subscribe((event) => calls.say('event', portable(event)))
  return {
    origin,
    clientKey: connect.client_key,
    session,
    post: (data) => calls.say('message', data),
    onMessage(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    resize: (height) => calls.say('size', height),
    close() {
      stopTelling()
      session.close()
      calls.close()
    },
  }
}

interface Meeting {
  readonly connect: Connect
  readonly origin: string
  readonly port: MessagePort
}

/** Answers the hello of the page around, and no one else's, until it hands over a port. */
function meetHost({ isHostAllowed = () => true, patience = 12_000 }: ConnectOptions): Promise<Meeting> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer)
      removeEventListener('message', listen)
    }
    const listen = ({ data, source, origin, ports: [port] }: MessageEvent) => {
      // a page without an origin cannot be answered: no target origin means it alone
      if (source !== parent || origin === 'null') return
      if (!isHello(data) && !isConnect(data)) return
      if (!isHostAllowed(origin)) {
        end()
        reject(new WidgetSessionError('host_not_allowed', `This widget is not for pages of ${origin}.`))
      } else if (!isConnect(data)) {
        parent.postMessage(hello, origin)
      } else if (port) {
        end()
        resolve({ connect: data, origin, port })
      }
    }
    const giveUp = () => {
      end()
      reject(new WidgetSessionError('frame_silent', 'No page that could be answered has mounted this widget.'))
    }
    const timer = setTimeout(giveUp, patience)
    addEventListener('message', listen)
    if (parent === window) giveUp()
  })
}

function sessionOptionsOf(
  options: ConnectOptions,
  host: Omit<Meeting, 'port'> & { calls: PortCalls },
): WidgetSessionOptions {
  const { connect, origin, calls } = host
  const { isHostAllowed, patience, ...rest } = options
  const askForToken = async () => textOf(await calls.ask('visitor_token'))
  return {
    ...rest,
    clientKey: connect.client_key,
    // the same widget in another page has another visitor
    group: origin,
    embedTicket: async () => checkTicket(textOf(await calls.ask('embed_ticket')), origin),
    ...(connect.user_id === undefined ? {} : { userId: connect.user_id }),
    ...(connect.has_visitor_token ? { visitorToken: askForToken } : {}),
  }
}

/** The service cannot see who holds a ticket out to us; the browser can. */
function checkTicket(ticket: string | undefined, origin: string): string {
  if (ticket !== undefined && tokenPayload(ticket)?.origin === origin) return ticket
  throw new WidgetSessionError(
    'host_not_allowed',
    `The ticket was not made for the page around this widget, ${origin}.`,
  )
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : undefined)

const portable = (event: WidgetSessionEvent) =>
  event.type === 'refused' ? { ...event, error: packError(event.error) } : event
