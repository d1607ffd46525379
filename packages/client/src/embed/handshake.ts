import { hello, isHello } from './messages.js'

interface HandshakeOptions {
  readonly frame: HTMLIFrameElement
  /** The widget's origin. Messages to and from other origins are ignored. */
  readonly origin: string
  /** Called once for each document that the frame loads, when its widget responds. */
  readonly onAnswer: (widget: Window) => void
  readonly onTimeout: () => void
}

/** When to send hello, in milliseconds after the frame has loaded. Its script may load later. */
const helloDelays = [0, 50, 150, 400, 1_000, 2_000, 4_000, 8_000]
const timeoutMilliseconds = 12_000

/** Waits until the widget in a frame responds to hello. Repeats this when the frame loads again. Returns a function that stops. */
export function handshake({ frame, origin, onAnswer, onTimeout }: HandshakeOptions): () => void {
  let timers: ReturnType<typeof setTimeout>[] = []
  let isWaiting = false
  const stop = () => {
    isWaiting = false
    for (const timer of timers) clearTimeout(timer)
  }
  const start = () => {
    stop()
    isWaiting = true
    const sendHello = () => frame.contentWindow?.postMessage(hello, origin)
    timers = helloDelays.map((milliseconds) => setTimeout(sendHello, milliseconds))
    timers.push(setTimeout(onTimeout, timeoutMilliseconds))
  }
  const listen = ({ data, source, origin: from }: MessageEvent) => {
    if (!isWaiting || source === null || source !== frame.contentWindow || from !== origin || !isHello(data)) return
    stop()
    onAnswer(frame.contentWindow)
  }
  frame.addEventListener('load', start)
  addEventListener('message', listen)
  return () => {
    stop()
    frame.removeEventListener('load', start)
    removeEventListener('message', listen)
  }
}
