import type { Platform } from './platform.js'
import { withTimeout } from './retry.js'

/**
 * Loads a part of the client on its first use, and only once. Undefined if it can't be loaded in time, such as offline or
 * behind a filter. Then the next use tries again.
 */
export function lazily<T>(
  platform: Pick<Platform, 'after' | 'load'>,
  part: () => Promise<T>,
): () => Promise<T | undefined> {
  let loading: Promise<T | undefined> | undefined
  return () => {
    loading ??= withTimeout(platform, platform.load(part), longestLoad).catch(() => {
      loading = undefined
      return undefined
    })
    return loading
  }
}

const longestLoad = 2_000
