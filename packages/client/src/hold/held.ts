/** What the helpers need of a held token; `verifier.hold()` of `@hallpass/client/verify` gives one. */
export interface Held {
  readonly signal: AbortSignal
  readonly release: () => void
}

/** How long a peer may take to close its side of the connection. */
const closeMilliseconds = 1_000

/**
 * Ends a connection with its token: politely at first, then, for a peer that doesn't go, by force. Lets go of the token
 * when the connection is closed.
 */
export function endWith(
  { signal, release }: Held,
  connection: {
    /** Says why, if the peer listens. */
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

/** The reason that a verifier gives, such as `revoked`. */
export function reasonOf({ reason }: AbortSignal): string {
  return typeof reason === 'object' && reason !== null && 'reason' in reason ? String(reason.reason) : 'revoked'
}
