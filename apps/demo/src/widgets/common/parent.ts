/** The page that shows this frame: the only one it speaks to, and the only one it listens to. */
export interface Parent {
  readonly origin: string
  readonly send: (message: object) => void
  /** Returns the way to stop listening. */
  readonly listen: (onMessage: (message: Readonly<Record<string, unknown>>) => void) => () => void
}

/**
 * The parent whose origin the server wrote into this page, after it had found that it may show it. A page that was
 * opened by itself has none: its origin is empty, and nobody is spoken to.
 */
export function findParent(): Parent {
  const origin = document.querySelector<HTMLMetaElement>('meta[name="parent-origin"]')?.content ?? ''
  return {
    origin,
    send: (message) => {
      if (origin !== '') window.parent.postMessage(message, origin)
    },
    listen(onMessage) {
      const receive = ({ source, origin: from, data }: MessageEvent<unknown>) => {
        if (source !== window.parent || from !== origin) return
        if (typeof data === 'object' && data !== null) onMessage({ ...data })
      }
      window.addEventListener('message', receive)
      return () => window.removeEventListener('message', receive)
    },
  }
}
