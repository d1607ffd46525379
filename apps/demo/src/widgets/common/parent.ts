/** The page that embeds this frame. The frame exchanges messages with no other page. */
export interface Parent {
  readonly origin: string
  readonly send: (message: object) => void
  /** Returns a function that stops listening. */
  readonly listen: (onMessage: (message: Readonly<Record<string, unknown>>) => void) => () => void
}

/**
 * The parent, whose origin the server writes into this page if it is allowed to embed it. If the page was opened in a
 * tab, the origin is empty and no messages are sent.
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
