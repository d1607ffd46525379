/** `slow`: a call has waited long. `unreachable`: a call failed. Both last until a call succeeds. */
export type ConnectionState = 'connected' | 'slow' | 'unreachable' | 'offline'

/** The state of the connection to the server, as seen by the calls of this page. */
export interface Connection {
  /** Sends a request and notes what happens to it. */
  readonly fetch: typeof globalThis.fetch
  readonly state: () => ConnectionState
  readonly subscribe: (onChange: () => void) => () => void
}

/** What the connection is made of, which tests replace. */
interface Deps {
  /** Asks the server for anything, to find out whether it responds. */
  readonly probe: (send: typeof globalThis.fetch, signal: AbortSignal) => Promise<unknown>
  readonly fetch: typeof globalThis.fetch
  readonly isOnline: () => boolean
  readonly onOffline: (lost: () => void) => void
  /** Runs something later, unless it is cancelled. */
  readonly later: (run: () => void, milliseconds: number) => () => void
}

/** How long a call may take before the page says so. */
export const slowMilliseconds = 2_000
/** How long to wait between two attempts to reach a server that doesn't respond. */
export const probeMilliseconds = 1_500
const probeTimeoutMilliseconds = 4_000

/** Notices a server that hangs, dies or returns. While it doesn't respond, it is asked again and again. */
export function watchConnection(given: Partial<Deps> = {}): Connection {
  const deps = { ...browser, ...given }
  const listeners = new Set<() => void>()
  let state: ConnectionState = 'connected'
  let cancelProbe: (() => void) | undefined
  const change = (next: ConnectionState) => {
    if (next === 'connected') {
      cancelProbe?.()
      cancelProbe = undefined
    } else cancelProbe ??= deps.later(probe, probeMilliseconds)
    if (next === state) return
    state = next
    for (const listener of listeners) listener()
  }
  const send: typeof globalThis.fetch = async (input, init) => {
    const stopWaiting = deps.later(() => change('slow'), slowMilliseconds)
    try {
      const response = await deps.fetch(input, init)
      change('connected')
      return response
    } catch (error) {
      // an aborted call says nothing about the server
      if (!init?.signal?.aborted) change(deps.isOnline() ? 'unreachable' : 'offline')
      throw error
    } finally {
      stopWaiting()
    }
  }
  const probe = async () => {
    const signal = AbortSignal.timeout(probeTimeoutMilliseconds)
    await deps.probe(send, signal).catch(() => {})
    cancelProbe = undefined
    if (state !== 'connected') cancelProbe = deps.later(probe, probeMilliseconds)
  }
  deps.onOffline(() => change('offline'))
  return {
    fetch: send,
    state: () => state,
    subscribe(onChange) {
      listeners.add(onChange)
      return () => listeners.delete(onChange)
    },
  }
}

const browser: Deps = {
  probe: (send, signal) => send('/health/live', { signal, cache: 'no-store' }),
  fetch: (...request) => globalThis.fetch(...request),
  isOnline: () => navigator.onLine,
  onOffline: (lost) => window.addEventListener('offline', lost),
  later: (run, milliseconds) => {
    const timer = setTimeout(run, milliseconds)
    return () => clearTimeout(timer)
  },
}
