/** The browser features that a session uses, which tests replace. */
export interface Platform {
  readonly fetch: typeof globalThis.fetch
  /** The page's origin, which the browser sends with every call. The text `null` for a page without one. */
  readonly origin: () => string | undefined
  /** A monotonic clock in milliseconds. It may stop while the device sleeps. */
  readonly monotonic: () => number
  /** The device's clock in milliseconds, which anyone can set. It is only used to detect that more time has passed. */
  readonly wall: () => number
  /** A random number from 0 up to, but not including, 1. */
  readonly random: () => number
  /** Runs a function later. Returns a function that cancels this. */
  readonly after: (milliseconds: number, run: () => void) => () => void
  /** Rejects if the browser has no Web Crypto, such as on plain HTTP. */
  readonly sha256: (text: string) => Promise<ArrayBuffer>
  readonly locks: Pick<LockManager, 'request'> | undefined
  readonly openChannel: (name: string) => Channel | undefined
  /** Calls back when the page may have been asleep or offline. Returns a function that stops this. */
  readonly onWake: (wake: () => void) => () => void
}

/** A BroadcastChannel, or a replacement in tests. */
export interface Channel {
  readonly post: (message: unknown) => void
  readonly close: () => void
  onMessage: (message: unknown) => void
}

/** The current browser. Accesses nothing until it is used, so pages can be rendered on a server. */
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

/** Closes the channel while the page is in the back/forward cache, because browsers don't cache pages with open channels. */
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
