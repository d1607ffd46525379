import type { WidgetSessionError } from '../browser/errors.js'
import { hostError, policyError, redirectError } from './embed-errors.js'
import { isBlocked } from './is-blocked.js'
import { hello, isHello, isStart } from './messages.js'

interface HandshakeOptions {
  readonly frame: HTMLIFrameElement
  /** The widget's origin. The page accepts a widget of this origin only. */
  readonly origin: string
  /** Called for each document of the frame, before anything is known about it. */
  readonly onDocument: () => void
  /** Called for each document of the frame that connects. */
  readonly onAnswer: (widget: Window) => void
  /** Finds out why a document hasn't connected after 12 seconds. */
  readonly explainTimeout: () => Promise<WidgetSessionError>
  /** Called at most once for each document. It can still connect later. */
  readonly onFailure: (error: WidgetSessionError) => void
}

const timeoutMilliseconds = 12_000

/**
 * Waits for the widget in a frame, and again for each document that the frame loads. What is known about a document, such as
 * that it was blocked or is of another origin, survives its load: only another document makes the page wait again.
 */
export function createHandshake(options: HandshakeOptions) {
  const { frame, origin, onDocument, onAnswer, explainTimeout, onFailure } = options
  let timer: ReturnType<typeof setTimeout> | undefined
  // of the frame's current document, which can start before its frame reports that it has loaded
  let documents = 0
  let isLoaded = false
  let isConnected = false
  let isKnown = false
  /** Why no document of this frame can work in this page, so that a frame that returns doesn't have to find out again. */
  let obstacle = globalThis.origin === 'null' ? hostError() : undefined
  const fail = (error: WidgetSessionError | undefined, failed = documents) => {
    if (!error || isKnown || failed !== documents) return
    isKnown = true
    onFailure(obstacle ?? error)
  }
  const wait = () => {
    const waiting = documents
    clearTimeout(timer)
    timer = setTimeout(async () => {
      // a browser may load a lazy frame much later
      if (!isKnown && (isLoaded || frame.loading !== 'lazy')) fail(await explainTimeout(), waiting)
    }, timeoutMilliseconds)
  }
  const begin = () => {
    documents += 1
    isLoaded = isConnected = isKnown = false
    wait()
    onDocument()
    // after the caller has got the widget
    queueMicrotask(() => fail(obstacle))
  }
  const hear = ({ data, source, origin: from }: MessageEvent) => {
    if (source === null || source !== frame.contentWindow) return
    if (isStart(data)) {
      if (isLoaded) begin()
    } else if (isConnected || !isHello(data)) return
    if (from !== origin) return fail(redirectError(origin, from))
    isKnown = isConnected = true
    onAnswer(frame.contentWindow)
  }
  const onViolation = (event: SecurityPolicyViolationEvent) => {
    if (!isBlocked(event, origin)) return
    obstacle = policyError(origin)
    fail(obstacle)
  }
  return {
    start() {
      addEventListener('message', hear)
      document.addEventListener('securitypolicyviolation', onViolation)
      begin()
    },
    onLoad() {
      if (isLoaded) begin()
      isLoaded = true
      if (isKnown) return
      wait()
      // the widget may have announced itself while the page didn't listen
      frame.contentWindow?.postMessage(hello, origin)
    },
    stop() {
      clearTimeout(timer)
      isKnown = true
      removeEventListener('message', hear)
      document.removeEventListener('securitypolicyviolation', onViolation)
    },
  }
}
