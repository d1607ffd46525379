import { endWith, type Held } from './held.js'

/** The part of a node:http response that is used. Express's response and Fastify's `reply.raw` have it too. */
export interface EventStreamLike {
  readonly closed: boolean
  write(text: string): unknown
  end(): unknown
  destroy(): unknown
  once(event: 'close', listener: () => void): unknown
}

/**
 * Ends a response of Server-Sent Events when its token ends. Sends a last event `end` with the data `{"reason": …}`, and
 * destroys the connection if the peer doesn't read it within a second.
 */
export function holdEventStream(response: EventStreamLike, held: Held): void {
  // the connection may have closed while the token was verified
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
