import { jittered } from './backoff.js'
import { isTransient, WidgetSessionError } from './errors.js'
import type { Platform } from './platform.js'

/**
 * Tries three times within about two seconds, so a refresh whose response was lost is repeated soon enough to get the same
 * new tokens. After longer outages, `backoff` decides when to try again.
 */
export async function withRetries<T>(platform: Pick<Platform, 'after' | 'random'>, work: () => Promise<T>): Promise<T> {
  for (const wait of waits) {
    try {
      return await work()
    } catch (error) {
      const asked = error instanceof WidgetSessionError ? (error.retryAfter ?? 0) * 1000 : 0
      if (!isTransient(error) || asked > longestWait) throw error
      await pause(platform, Math.max(asked, jittered(wait, platform.random())))
    }
  }
  return work()
}

const waits = [300, 1_000]
const longestWait = 2_000
const longestAnswer = 10_000

/** Limits how long to wait for the host page or its backend to 10 s, because all tabs wait for this one. Then fails as `network`. */
export async function withTimeout<T>({ after }: Pick<Platform, 'after'>, work: T | Promise<T>): Promise<T> {
  let stop = () => {}
  const late = new Promise<never>((_, reject) => {
    stop = after(longestAnswer, () => reject(new WidgetSessionError('network', 'No response within 10 seconds.')))
  })
  try {
    return await Promise.race([work, late])
  } finally {
    stop()
  }
}

const pause = (platform: Pick<Platform, 'after'>, milliseconds: number) =>
  new Promise<void>((resolve) => {
    platform.after(milliseconds, resolve)
  })
