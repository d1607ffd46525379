import { lazily } from './lazily.js'
import type { Platform } from './platform.js'
import type { TurnMessage } from './turn-message.js'

interface Needs {
  readonly platform: Platform
  readonly post: (message: TurnMessage) => void
}

/** A lock that one of several pages holds at a time. */
export interface ChannelLock {
  readonly exclusively: <T>(work: () => Promise<T>) => Promise<T>
  /** Runs work, and rejects the claims of other pages meanwhile. */
  readonly working: <T>(work: () => Promise<T>) => Promise<T>
  readonly onMessage: (message: TurnMessage) => void
}

/**
 * A page claims the lock, and gets it unless another page rejects the claim. If that page is too slow, both refresh the
 * session, which the service accepts within 10 s. So this lock only saves a request; correctness doesn't depend on it.
 */
export function createChannelLock({ platform, post }: Needs): ChannelLock {
  let isWorking = false
  let hear = (_: TurnMessage) => {}
  // few pages have no Web Locks
  const fallbacks = lazily(platform, () => import('./fallbacks.js'))

  async function working<T>(work: () => Promise<T>): Promise<T> {
    isWorking = true
    try {
      return await work()
    } finally {
      isWorking = false
      post({ type: 'free' })
    }
  }

  return {
    async exclusively(work) {
      const loaded = await fallbacks()
      await loaded?.claimTurn(platform, post, (listener) => {
        hear = listener
      })
      return working(work)
    },
    working,
    onMessage(message) {
      if (isWorking && message.type === 'claim') post({ type: 'busy', to: message.by })
      else hear(message)
    },
  }
}
