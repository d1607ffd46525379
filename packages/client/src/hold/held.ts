/** The part of a held token that these helpers use. `verifier.hold()` of `@hallpass/client/verify` returns one. */
export interface Held {
  readonly signal: AbortSignal
  readonly release: () => void
}

/** How long a peer has to close its side of the connection. */
const closeMilliseconds = 1_000

/**
 * Closes a connection when its token ends, and destroys it if the peer doesn't close its side in time. Releases the token
 * when the connection is closed.
 */
export function endWith(
  { signal, release }: Held,
  connection: {
    /** Starts closing the connection and sends the reason to the peer. */
    readonly close: (reason: string) => void
    readonly destroy: () => void
    readonly onClose: (listener: () => void) => void
  },
): void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const end = () => {
    timer = setTimeout(connection.destroy, closeMilliseconds)
    connection.close(reasonOf(signal))
  }
  connection.onClose(() => {
    clearTimeout(timer)
    signal.removeEventListener('abort', end)
    release()
  })
  if (signal.aborted) end()
  else signal.addEventListener('abort', end, { once: true })
}

/** The verifier's reason, such as `revoked`. */
export function reasonOf({ reason }: AbortSignal): string {
  return typeof reason === 'object' && reason !== null && 'reason' in reason ? String(reason.reason) : 'revoked'
}
