import { isPlainObject } from '@hallpass/contracts/core/is-plain-object'

/** A BroadcastChannel, or a replacement in tests. */
export interface Channel {
  readonly post: (message: unknown) => void
  readonly close: () => void
  onMessage: (message: unknown) => void
}

/** One connection. A channel has several after another, if the page is in the back/forward cache in between. */
interface Connection {
  readonly post: (message: unknown) => void
  readonly close: () => void
}

type Connect = (name: string, onMessage: (message: unknown) => void) => Connection

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

const connectFrames: Connect = (name, onMessage) => {
  const listen = ({ data, origin }: MessageEvent) => {
    if (origin === location.origin && isPlainObject(data) && data.hallpass === name) onMessage(data.message)
  }
  addEventListener('message', listen)
  return {
    post: (message) => postToFrames(top ?? window, { hallpass: name, message }),
    close: () => removeEventListener('message', listen),
  }
}

/** Posts a message to the page and all frames in it that have the same origin. */
function postToFrames(frame: Window, message: unknown): void {
  if (frame !== window && isSameOrigin(frame)) frame.postMessage(message, location.origin)
  for (let index = 0; index < frame.length; index++) postToFrames(frame[index] as Window, message)
}

function isSameOrigin(frame: Window): boolean {
  try {
    return frame.origin === origin
  } catch {
    return false
  }
}
