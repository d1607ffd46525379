import type { Platform } from './platform.js'
import { withTimeout } from './retry.js'

/**
 * Loads a part of the client on its first use. Undefined if it can't be loaded within 10 seconds, such as offline or behind a
 * filter. A use after a minute tries again.
 */
export function lazily<T>(
  platform: Pick<Platform, 'after' | 'load'>,
  part: () => Promise<T>,
): () => Promise<T | undefined> {
  let loading: Promise<T | undefined> | undefined
  return () => {
    loading ??= withTimeout(platform, platform.load(part)).catch(() => {
      platform.after(retryMilliseconds, () => {
        loading = undefined
      })
      return undefined
    })
    return loading
  }
}

const retryMilliseconds = 60_000
