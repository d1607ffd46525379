import type { Connect, Connection } from './connection.js'

/** A BroadcastChannel, or a replacement in tests. */
export interface Channel {
  readonly post: (message: unknown) => void
  readonly close: () => void
  onMessage: (message: unknown) => void
}

/** Closes the channel while the page is in the back/forward cache, because browsers don't cache pages with open channels. */
export function openChannel(name: string): Channel | undefined {
  if (typeof BroadcastChannel === 'undefined') return undefined
  const stopping = new AbortController()
  let connection: Connection | undefined
  const disconnect = () => {
    connection?.close()
    connection = undefined
  }
  const connect = () => {
    connection ??= connectAnyhow(name, (message) => channel.onMessage(message))
  }
  const channel: Channel = {
    post: (message) => connection?.post(message),
    onMessage() {},
    close() {
      disconnect()
      stopping.abort()
    },
  }
  connect()
  globalThis.addEventListener?.('pagehide', disconnect, stopping)
  globalThis.addEventListener?.('pageshow', connect, stopping)
  return channel
}

/** Browsers refuse a BroadcastChannel to pages that may not store anything. Then only the frames of one page are connected. */
const connectAnyhow: Connect = (...options) => {
  try {
    return connectTabs(...options)
  } catch {
    return connectFrames(...options)
  }
}

const connectTabs: Connect = (name, onMessage) => {
  const broadcast = new BroadcastChannel(name)
  broadcast.onmessage = ({ data }) => onMessage(data)
  return { post: (message) => broadcast.postMessage(message), close: () => broadcast.close() }
}

/** Few browsers need it, so it is loaded then. Messages wait until it is. Without it, each frame has its own visitor. */
const connectFrames: Connect = (...options) => {
  const loading = import('./fallbacks.js').then((fallbacks) => fallbacks.connectFrames(...options))
  const use = (run: (connection: Connection) => void) => void loading.then(run).catch(() => {})
  return { post: (message) => use(({ post }) => post(message)), close: () => use(({ close }) => close()) }
}
