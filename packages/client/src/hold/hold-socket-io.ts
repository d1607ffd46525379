import { endWith, type Held, reasonOf } from './held.js'

/** The part of a Socket.IO server's socket that is used. */
export interface SocketIoLike {
  readonly handshake: { readonly auth: Readonly<Record<string, unknown>> }
  data: unknown
  readonly conn: {
    readonly readyState: string
    once(event: 'close', listener: () => void): unknown
    close(discard?: boolean): unknown
  }
  emit(event: string, ...args: unknown[]): unknown
  disconnect(close: boolean): unknown
}

/** A verifier from `@hallpass/client/verify`. */
export interface HoldingVerifier<H extends Held> {
  readonly hold: (
    token: string | undefined,
  ) => Promise<
    (H & { readonly ok: true }) | { readonly ok: false; readonly reason: string; readonly description: string }
  >
}

/** The Socket.IO middleware, and access to the token of each accepted socket. */
export interface SocketIoGuard<H extends Held> {
  /** `io.use(guard.middleware)` */
  readonly middleware: (socket: SocketIoLike, next: (error?: Error) => void) => Promise<void>
  /** Returns the token of a socket. Throws if the socket didn't pass the middleware. */
  readonly heldOf: (socket: object) => H
}

/**
 * Accepts sockets whose `auth.token` is valid, and disconnects each when its token ends, after an event `session:end` with
 * the reason. Other sockets get a `connect_error` with the reason in `data.reason`.
 */
export function guardSocketIo<H extends Held>(verifier: HoldingVerifier<H>): SocketIoGuard<H> {
  const tokens = new WeakMap<object, H>()
  return {
    async middleware(socket, next) {
      const { token } = socket.handshake.auth
      const held = await verifier.hold(typeof token === 'string' ? token : undefined)
      if (!held.ok) {
        const { reason, description } = held
        return next(Object.assign(new Error(description), { data: { reason } }))
      }
      tokens.set(socket, held)
      if (socket.conn.readyState === 'closed') held.release()
      else endWith(held, connectionOf(socket))
      next(held.signal.aborted ? new Error(reasonOf(held.signal)) : undefined)
    },
    heldOf(socket) {
      const held = tokens.get(socket)
      if (!held) throw new TypeError('The socket did not pass this middleware.')
      return held
    },
  }
}

function connectionOf(socket: SocketIoLike): Parameters<typeof endWith>[1] {
  return {
    close(reason) {
      socket.emit('session:end', { reason })
      socket.disconnect(true)
    },
    destroy: () => socket.conn.close(true),
    onClose: (listener) => socket.conn.once('close', listener),
  }
}
