import { endWith, type Held } from './held.js'

/** The part of a WebSocket of `ws` that is used. */
export interface WebSocketLike {
  readonly readyState: number
  close(code: number, reason: string): void
  terminate(): void
  on(event: 'close', listener: () => void): unknown
}

/** The close code of a connection whose token was revoked or has expired. */
export const unauthorizedCode = 4401
/** The close code of a connection whose token can't be checked at the moment: try again later (RFC 6455, IANA registry). */
export const tryAgainCode = 1013

const closed = 3

/**
 * Closes a WebSocket of `ws` when its token ends, with code 4401 and the reason, or 1013 if the issuer can't be reached.
 * Terminates the connection if the peer doesn't close its side within a second.
 */
export function holdWebSocket(socket: WebSocketLike, held: Held): void {
  // the socket may have closed while the token was verified
  if (socket.readyState === closed) held.release()
  else
    endWith(held, {
      close: (reason) => socket.close(reason === 'unavailable' ? tryAgainCode : unauthorizedCode, reason),
      destroy: () => socket.terminate(),
      onClose: (listener) => socket.on('close', listener),
    })
}
