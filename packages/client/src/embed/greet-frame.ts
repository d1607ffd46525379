import { hello, isHello } from './messages.js'

interface Greeting {
  readonly frame: HTMLIFrameElement
  /** The only origin that is spoken to, and believed. */
  readonly origin: string
  /** The widget in the frame listens. Called once for every document that the frame loads. */
  readonly onAnswer: (widget: Window) => void
  readonly onSilence: () => void
}

/** When the page says hello, in milliseconds after the frame has loaded: its script may still be on its way. */
const greetings = [0, 50, 150, 400, 1_000, 2_000, 4_000, 8_000]
const patienceMilliseconds = 12_000

/** Finds out when the document in a frame listens, and whether it is the widget's; the result stops that. */
export function greetFrame({ frame, origin, onAnswer, onSilence }: Greeting): () => void {
  let timers: ReturnType<typeof setTimeout>[] = []
  let isGreeting = false
  const stop = () => {
    isGreeting = false
    for (const timer of timers) clearTimeout(timer)
  }
  const greet = () => {
    stop()
    isGreeting = true
    const say = () => frame.contentWindow?.postMessage(hello, origin)
    timers = greetings.map((milliseconds) => setTimeout(say, milliseconds))
    timers.push(setTimeout(onSilence, patienceMilliseconds))
  }
  const listen = ({ data, source, origin: from }: MessageEvent) => {
    if (!isGreeting || source === null || source !== frame.contentWindow || from !== origin || !isHello(data)) return
    stop()
    onAnswer(frame.contentWindow)
  }
  frame.addEventListener('load', greet)
  addEventListener('message', listen)
  return () => {
    stop()
    frame.removeEventListener('load', greet)
    removeEventListener('message', listen)
  }
}
