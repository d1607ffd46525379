import type { WidgetSessionError } from '../browser/errors.js'
import { redirectError } from './embed-errors.js'
import { hello, isHello, isStart } from './messages.js'

interface HandshakeOptions {
  readonly frame: HTMLIFrameElement
  /** The widget's origin. The page accepts a widget of this origin only. */
  readonly origin: string
  /** Called for each document of the frame that connects. */
  readonly onAnswer: (widget: Window) => void
  /** Finds out why a document hasn't connected after 12 seconds. */
  readonly explainTimeout: () => Promise<WidgetSessionError>
  /** Called at most once for each document. It can still connect later. */
  readonly onFailure: (error: WidgetSessionError) => void
}

/** When to send hello, in milliseconds after the frame has loaded, for widgets that don't announce themselves. */
const helloDelays = [0, 50, 150, 400, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000]
const timeoutMilliseconds = 12_000

/** Waits for the widget in a frame, and again for each document that the frame loads. */
export function createHandshake({ frame, origin, onAnswer, explainTimeout, onFailure }: HandshakeOptions) {
  let timers: ReturnType<typeof setTimeout>[] = []
  let isWaiting = false
  let hasFailed = false
  // a document can start before its frame reports that it has loaded
  let hasStarted = false
  const fail = (error: WidgetSessionError) => {
    if (!isWaiting || hasFailed) return
    hasFailed = true
    onFailure(error)
  }
  const stopWaiting = () => {
    isWaiting = false
    for (const timer of timers) clearTimeout(timer)
  }
  const wait = (delays: readonly number[]) => {
    stopWaiting()
    isWaiting = true
    hasFailed = false
    const sendHello = () => frame.contentWindow?.postMessage(hello, origin)
    timers = delays.map((milliseconds) => setTimeout(sendHello, milliseconds))
    timers.push(setTimeout(() => void explainTimeout().then(fail), timeoutMilliseconds))
  }
  const listen = ({ data, source, origin: from }: MessageEvent) => {
    if (source === null || source !== frame.contentWindow) return
    const isNew = isStart(data)
    if (!isNew && !(isWaiting && isHello(data))) return
    hasStarted ||= isNew
    if (from !== origin) return fail(redirectError(origin, from))
    stopWaiting()
    onAnswer(frame.contentWindow)
  }
  return {
    start() {
      addEventListener('message', listen)
      // until the frame has loaded, there is no document to send a message to
      wait([])
    },
    onLoad() {
      if (!hasStarted) wait(helloDelays)
      hasStarted = false
    },
    fail,
    stop() {
      stopWaiting()
      hasStarted = false
      removeEventListener('message', listen)
    },
  }
}
