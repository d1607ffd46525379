import { isPlainObject } from '@hallpass/contracts/core/is-plain-object'
import { requireClientKey, WidgetSessionError } from '../browser/errors.js'
import { unpackError } from '../browser/portable-error.js'
import { tell } from '../browser/session-state.js'
import { silenceError } from './embed-errors.js'
import { getEmbedTicket } from './embed-ticket.js'
import { createHandshake } from './handshake.js'
import { createHostLink } from './host-link.js'
import { type Connect, connectType } from './messages.js'
import type { EmbedEvent, MountedWidget, MountOptions, WidgetState } from './mount-options.js'
import { closedError, createPortRpc } from './port-rpc.js'
import { createFrame, removeCopies, watchRemoval } from './widget-frame.js'

/** A registered symbol, which every copy of this library in the page shares. */
const mounted = Symbol.for('@hallpass/embed mounted')

/**
 * * Mounts a widget in the page and handles its requests. Throws {@link WidgetSessionError} if the options can't work.
 * @example
 * const widget = mountWidget({ baseUrl, clientKey, widgetUrl: 'https://widgets.example.com/chat', container })
 */
export function mountWidget(options: MountOptions): MountedWidget {
  requireClientKey(options.clientKey)
  const container: Element & { [mounted]?: MountedWidget } = options.container
  requireElement(container)
  const url = new URL(options.widgetUrl, location.href)
  url.searchParams.set('client_key', options.clientKey)
  const iframe = createFrame(options, url)
  container[mounted]?.unmount()
  removeCopies(container)
  const { start, ...widget } = createWidget(options, url, iframe)
  const result: MountedWidget = {
    ...widget,
    unmount() {
      widget.unmount()
      if (container[mounted] === result) delete container[mounted]
    },
  }
  container[mounted] = result
  start()
  container.append(iframe)
  return result
}

/** A page without types may pass what `querySelector` returned, or a selector. */
function requireElement(container: Element | null): void {
  if (container?.querySelectorAll) return
  throw new WidgetSessionError(
    'missing_field',
    'The container is not an element. If it is null, call mountWidget once the page contains it.',
  )
}

function createWidget(options: MountOptions, url: URL, iframe: HTMLIFrameElement) {
  let state: WidgetState = 'starting'
  const link = createHostLink()
  const emit = (event: EmbedEvent) => {
    if (event.type !== 'refused') state = states.get(event.type) ?? state
    // a refused upgrade leaves the session as it was
    else if (state !== 'ready') state = states.get(event.error.reason) ?? 'refused'
    if (options.onEvent) tell(options.onEvent, event)
  }
  const handshake = createHandshake({
    frame: iframe,
    origin: url.origin,
    onDocument() {
      state = 'starting'
    },
    onAnswer(widget) {
      const { port1, port2 } = new MessageChannel()
      const rpc = createPortRpc(port1, handlersOf(options, iframe, emit))
      const connect: Connect = {
        type: connectType,
        client_key: options.clientKey,
        user_id: options.userId,
        locale: options.locale,
        has_visitor_token: options.visitorToken !== undefined,
      }
      widget.postMessage(connect, url.origin, [port2])
      emit({ type: 'connected' })
      link.connect(rpc)
    },
    explainTimeout: () => silenceError(options, url, iframe),
    onFailure(error) {
      link.fail(error)
      emit({ type: 'refused', error })
    },
  })
  const attachment = attach(iframe, handshake, link.disconnect)
  return {
    iframe,
    start: attachment.start,
    state: () => state,
    upgrade: (visitorToken: string) =>
      new Promise<void>((resolve, reject) => {
        link.use((rpc) => void rpc.call('upgrade', visitorToken).then(() => resolve(), reject), reject)
      }),
    forget: () => link.use((rpc) => rpc.notify('forget')),
    post: link.post,
    unmount() {
      attachment.stop()
      state = 'unmounted'
      link.close(closedError())
      iframe.remove()
    },
  }
}

/**
 * Follows an iframe into the page, out of it and back. Only an iframe in the page has listeners outside of itself, so a page
 * that drops the container without unmounting (Turbo, `innerHTML`) leaves none behind.
 */
function attach(iframe: HTMLIFrameElement, handshake: ReturnType<typeof createHandshake>, onDetached: () => void) {
  let isAttached = false
  let stopWatching = () => {}
  const start = () => {
    isAttached = true
    handshake.start()
  }
  const detach = () => {
    isAttached = false
    stopWatching()
    handshake.stop()
    onDetached()
  }
  const onLoad = () => {
    if (!isAttached) start()
    handshake.onLoad()
    stopWatching()
    stopWatching = watchRemoval(iframe, detach)
  }
  iframe.addEventListener('load', onLoad)
  return {
    start,
    stop() {
      iframe.removeEventListener('load', onLoad)
      detach()
    },
  }
}

/** What a mounted widget does after an event, or after a refusal with a reason. A session that is ready survives a refusal. */
const states = new Map<string, WidgetState>([
  ['connected', 'connected'],
  ['ready', 'ready'],
  ['refreshed', 'ready'],
  ['upgraded', 'ready'],
  ['expired', 'ended'],
  ['revoked', 'ended'],
  ['frame_blocked', 'blocked'],
  ['frame_offline', 'offline'],
  ['network', 'offline'],
  ['frame_silent', 'silent'],
])

/** The page's handlers for the widget's requests and notifications. */
function handlersOf(options: MountOptions, iframe: HTMLIFrameElement, emit: (event: EmbedEvent) => void) {
  return {
    embed_ticket: () => getEmbedTicket(options),
    visitor_token: () => options.visitorToken?.(),
    event: (event: unknown) => emit(eventOf(event)),
    message: (data: unknown) => options.onMessage?.(data),
    size(height: unknown) {
      if (typeof height === 'number' && height >= 0) iframe.style.height = `${Math.min(height, 10_000)}px`
    },
  }
}

/** Restores an event of the widget's session, whose error was serialized. */
function eventOf(event: unknown): EmbedEvent {
  const { type, error } = isPlainObject(event) ? event : {}
  if (type === 'refused') return { type, error: unpackError(error) }
  // trusted: this page chose the widget's page
  return event as EmbedEvent
}
