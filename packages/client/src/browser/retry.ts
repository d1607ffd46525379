import { isPassing, WidgetSessionError } from './errors.js'
import type { Platform } from './platform.js'

type Needs = Pick<Platform, 'after' | 'random'>

/**
 * Tries three times within about two seconds, so a refresh whose response was lost is repeated soon enough to get the same
 * new tokens. After longer outages, {@link backoff} decides when to try again.
 */
export async function withRetries<T>(platform: Needs, work: () => Promise<T>): Promise<T> {
  for (const wait of waits) {
    try {
      return await work()
    } catch (error) {
      const asked = error instanceof WidgetSessionError ? (error.retryAfter ?? 0) * 1000 : 0
      if (!isPassing(error) || asked > longestWait) throw error
      await pause(platform, Math.max(asked, jittered(platform, wait)))
    }
  }
  return work()
}

const waits = [300, 1_000]
const longestWait = 2_000
const longestAnswer = 10_000

/** Limits how long to wait for the host page or its backend to 10 s, because all tabs wait for this one. Then fails as `network`. */
export async function inTime<T>({ after }: Pick<Platform, 'after'>, work: T | Promise<T>): Promise<T> {
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

/** Milliseconds until the next attempt after consecutive failures: doubles from 2 s to one minute, with jitter. */
export const backoff = (platform: Needs, failures: number): number =>
  jittered(platform, Math.min(2_000 * 2 ** Math.min(failures - 1, 10), 60_000))

/** A random duration between half and all of it, so that many pages don't retry at the same time. */
const jittered = ({ random }: Needs, milliseconds: number) => milliseconds * (0.5 + random() / 2)

const pause = (platform: Needs, milliseconds: number) =>
  new Promise<void>((resolve) => {
    platform.after(milliseconds, resolve)
  })
