import { endWith, type Held } from './held.js'

/** What is used of a WebSocket of `ws`. */
export interface WebSocketLike {
  readonly readyState: number
  close(code: number, reason: string): void
  terminate(): void
  on(event: 'close', listener: () => void): unknown
}

/** The close code of a connection whose token was revoked or has expired. */
export const unauthorizedCode = 4401
/** The close code of a connection whose token can't be judged at the moment: try again later (RFC 6455, IANA registry). */
export const tryAgainCode = 1013

const closed = 3

/**
 * Closes a WebSocket of `ws` when its token ends, with code 4401 and the reason, or 1013 if the issuer can't be reached.
 * A peer that doesn't answer the close within a second is cut off.
 */
export function holdWebSocket(socket: WebSocketLike, held: Held): void {
  // it may have closed while its token was verified
  if (socket.readyState === closed) held.release()
  else
    endWith(held, {
      close: (reason) => socket.close(reason === 'unavailable' ? tryAgainCode : unauthorizedCode, reason),
      destroy: () => socket.terminate(),
      onClose: (listener) => socket.on('close', listener),
    })
}
