import { endWith, type Held } from './held.js'

/** What is used of a response of node:http, and so of Express and Fastify's `reply.raw`. */
export interface EventStreamLike {
  readonly closed: boolean
  write(text: string): unknown
  end(): unknown
  destroy(): unknown
  once(event: 'close', listener: () => void): unknown
}

/**
 * Ends a response of Server-Sent Events when its token ends, with a last event `end` whose data is `{"reason": …}`. A
 * peer that doesn't read it within a second is cut off.
 */
export function holdEventStream(response: EventStreamLike, held: Held): void {
  // it may have closed while its token was verified
  if (response.closed) held.release()
  else
    endWith(held, {
      close(reason) {
        response.write(`event: end\ndata: ${JSON.stringify({ reason })}\n\n`)
        response.end()
      },
      destroy: () => response.destroy(),
      onClose: (listener) => response.once('close', listener),
    })
}
