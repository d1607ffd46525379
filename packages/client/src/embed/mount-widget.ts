import { isPlainObject, widgetAuthPath } from '@hallpass/contracts/core'
import { callService } from '../browser/call-service.js'
import { WidgetSessionError } from '../browser/errors.js'
import { browserPlatform } from '../browser/platform.js'
import { unpackError } from '../browser/portable-error.js'
import { tell } from '../browser/session-state.js'
import type { WidgetSessionEvent } from '../browser/session-types.js'
import { greetFrame } from './greet-frame.js'
import { connectOf } from './messages.js'
import { gone, type PortCalls, talkOver } from './port-calls.js'

/** What to mount, where, and for whom. */
export interface MountOptions {
  /** The service's origin, such as `https://pass.example.com`. */
  readonly baseUrl: string
  /** `pk_live_…` or `pk_test_…`. This page's origin must be on its allowlist. */
  readonly clientKey: string
  /** The widget's page, on an origin of its own. It is given `client_key` as a parameter, and nothing else. */
  readonly widgetUrl: string
  /** Where the iframe goes. What was mounted here before is unmounted. */
  readonly container: Element
  /** Asks the page's own backend for a visitor token; undefined: nobody is logged in. Without it everybody is a guest. */
  readonly visitorToken?: () => Promise<string | undefined>
  /** Who is logged in, by the page's own id. */
  readonly userId?: string
  /** Says what the iframe is, to those who do not see it. */
  readonly title?: string
  /** The iframe's `sandbox`. Without `allow-same-origin` a widget has no origin, and gets no session. */
  readonly sandbox?: string
  /** The iframe's `allow`: none by default. */
  readonly allow?: string
  readonly onEvent?: (event: EmbedEvent) => void
  /** Hears what the widget posts. */
  readonly onMessage?: (data: unknown) => void
  /** In place of the global fetch. */
  readonly fetch?: typeof globalThis.fetch
}

/** What happens in an embedded widget: everything of its session, and that it is there. */
export type EmbedEvent = WidgetSessionEvent | { readonly type: 'connected' }

/** A widget in the page. */
export interface MountedWidget {
  readonly iframe: HTMLIFrameElement
  /** Makes the guest a user, with a visitor token of the page's backend. Fails where no widget answers, or it is unmounted. */
  readonly upgrade: (visitorToken: string) => Promise<void>
  /** Drops the session in all tabs, as for a logout. */
  readonly forget: () => void
  /** Says something to the widget. */
  readonly post: (data: unknown) => void
  /** Takes the widget out, and everything of it. */
  readonly unmount: () => void
}

const defaultSandbox = 'allow-scripts allow-same-origin allow-forms allow-popups'

/** Known by its name to every copy of this code in the page. */
const mounted = Symbol.for('@hallpass/embed mounted')

/**
 * Puts a widget into the page, and answers what it asks for.
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
  const stopGreeting = greetFrame({
    frame: iframe,
    origin: url.origin,
    onAnswer: (widget) => link.connect(widget, url.origin),
    onSilence() {
      const error = silent(url.origin)
      link.fail(error)
      options.onEvent?.({ type: 'refused', error })
    },
  })
  const widget: MountedWidget = {
    iframe,
    upgrade: (visitorToken) =>
      new Promise((resolve, reject) => {
        link.use((calls) => void calls.ask('upgrade', visitorToken).then(() => resolve(), reject), reject)
      }),
    forget: () => link.use((calls) => calls.say('forget')),
    post: (data) => link.use((calls) => calls.say('message', data)),
    unmount() {
      stopGreeting()
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
      'The sandbox of a widget must hold allow-same-origin: it has no origin without.',
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

/** The way to the document that is in the frame now. A reloaded frame gets a new one. */
function createLink(options: MountOptions, iframe: HTMLIFrameElement) {
  let current: PortCalls | undefined
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
      const calls = talkOver(port1, handlers)
      current = calls
      failure = undefined
      const { clientKey: client_key, userId: user_id, visitorToken } = options
      const connect = connectOf({ client_key, user_id, has_visitor_token: visitorToken !== undefined })
      widget.postMessage(connect, origin, [port2])
      if (options.onEvent) tell(options.onEvent, { type: 'connected' })
      for (const { use } of waiting.splice(0)) tell(use, calls)
    },
    /** As soon as there is a widget to speak to. Who has to know when there is none is told, others wait on. */
    use(use: Waiting['use'], onFailure?: Waiting['onFailure']) {
      if (current) use(current)
      else if (failure && onFailure) onFailure(failure)
      else waiting.push({ use, onFailure })
    },
    fail,
    close() {
      fail(gone())
      waiting = []
      current?.close()
      current = undefined
    },
  }
}

interface Waiting {
  readonly use: (calls: PortCalls) => void
  readonly onFailure?: ((error: WidgetSessionError) => void) | undefined
}

/** What a widget may ask its page for. */
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

/** Asks the service for the proof of this page's origin, which the browser adds to the call. */
async function getEmbedTicket({ baseUrl, clientKey, fetch }: MountOptions): Promise<string> {
  const call = { path: `${widgetAuthPath}embed-ticket`, body: { client_key: clientKey } }
  const answer = await callService({ baseUrl, platform: browserPlatform(fetch) }, call)
  if (isPlainObject(answer) && typeof answer.ticket === 'string') return answer.ticket
  throw new WidgetSessionError('network', 'The answer is not one of the service.')
}

/** An event of the widget's session; its error has to be made whole again. */
function eventOf(event: unknown): EmbedEvent {
  const { type, error } = isPlainObject(event) ? event : {}
  if (type === 'refused') return { type, error: unpackError(error) }
  // the widget's page is one that this page has chosen
  return event as EmbedEvent
}

const silent = (origin: string) =>
  new WidgetSessionError(
    'frame_silent',
    `No widget of ${origin} answered: it may be down, or not let this page frame it.`,
  )
