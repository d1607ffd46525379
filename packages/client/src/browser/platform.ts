/** What a session uses of its surroundings, handed in so that a test can hold them still. */
export interface Platform {
  readonly fetch: typeof globalThis.fetch
  /** The page's own, as it is sent with every call; `null` for a page that has none. */
  readonly origin: () => string | undefined
  /** Milliseconds since some moment, only ever forward. It may stand still while a device sleeps. */
  readonly monotonic: () => number
  /** Milliseconds of the device's clock, which anybody may set. Never believed, except that more time has passed. */
  readonly wall: () => number
  /** From 0 to below 1. */
  readonly random: () => number
  /** Runs something later; the result takes that back. */
  readonly after: (milliseconds: number, run: () => void) => () => void
  /** Rejects where the browser has no cryptography, as on plain http. */
  readonly sha256: (text: string) => Promise<ArrayBuffer>
  readonly locks: Pick<LockManager, 'request'> | undefined
  readonly openChannel: (name: string) => Channel | undefined
  /** Calls back whenever a page may have slept or been offline; the result stops that. */
  readonly onWake: (wake: () => void) => () => void
}

/** The part of a BroadcastChannel that is used. */
export interface Channel {
  readonly post: (message: unknown) => void
  readonly close: () => void
  onMessage: (message: unknown) => void
}

/** The browser that this runs in. Reads nothing before it is used, so that a page can be rendered on a server. */
export function browserPlatform(fetch: typeof globalThis.fetch | undefined): Platform {
  return {
    fetch: (input, init) => (fetch ?? globalThis.fetch)(input, init),
    origin: () => globalThis.origin,
    monotonic: () => performance.now(),
    wall: () => Date.now(),
    random: () => Math.random(),
    after(milliseconds, run) {
      const timer = setTimeout(run, Math.min(milliseconds, longestTimer))
      return () => clearTimeout(timer)
    },
    sha256: async (text) => crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)),
    get locks() {
      return globalThis.navigator?.locks
    },
    openChannel,
    onWake,
  }
}

const longestTimer = 2 ** 31 - 1

/** Closed while its page is kept for the back button, which browsers do only for pages without open channels. */
function openChannel(name: string): Channel | undefined {
  if (typeof BroadcastChannel === 'undefined') return undefined
  let broadcast: BroadcastChannel | undefined
  const disconnect = () => {
    broadcast?.close()
    broadcast = undefined
  }
  const connect = () => {
    broadcast ??= new BroadcastChannel(name)
    broadcast.onmessage = ({ data }) => channel.onMessage(data)
  }
  const channel: Channel = {
    post: (message) => broadcast?.postMessage(message),
    onMessage() {},
    close() {
      disconnect()
      globalThis.removeEventListener?.('pagehide', disconnect)
      globalThis.removeEventListener?.('pageshow', connect)
    },
  }
  connect()
  globalThis.addEventListener?.('pagehide', disconnect)
  globalThis.addEventListener?.('pageshow', connect)
  return channel
}

function onWake(wake: () => void): () => void {
  if (typeof document === 'undefined') return () => {}
  const ifVisible = () => {
    if (document.visibilityState === 'visible') wake()
  }
  document.addEventListener('visibilitychange', ifVisible)
  for (const name of wakeEvents) addEventListener(name, wake)
  return () => {
    document.removeEventListener('visibilitychange', ifVisible)
    for (const name of wakeEvents) removeEventListener(name, wake)
  }
}

const wakeEvents = ['pageshow', 'online', 'focus', 'resume'] as const
