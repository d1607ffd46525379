import { isPassing, WidgetSessionError } from './errors.js'
import type { Platform } from './platform.js'

type Needs = Pick<Platform, 'after' | 'random'>

/**
 * Tries three times within about two seconds. A refresh whose answer was lost is so repeated soon enough to get the
 * same successor (wire 2); what lasts longer is tried again later, by {@link backoff}.
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

/** What the page around, or its backend, gives; fails as `network` after 10 s, because all tabs wait for this one meanwhile. */
export async function inTime<T>({ after }: Pick<Platform, 'after'>, work: T | Promise<T>): Promise<T> {
  let stop = () => {}
  const late = new Promise<never>((_, reject) => {
    stop = after(longestAnswer, () => reject(new WidgetSessionError('network', 'No answer came within 10 seconds.')))
  })
  try {
    return await Promise.race([work, late])
  } finally {
    stop()
  }
}

/** Milliseconds until the next try after this many failures in a row: doubling from 2 s to a minute, with jitter. */
export const backoff = (platform: Needs, failures: number): number =>
  jittered(platform, Math.min(2_000 * 2 ** Math.min(failures - 1, 10), 60_000))

/** Between half of it and all of it, so that many pages do not come back at the same moment. */
const jittered = ({ random }: Needs, milliseconds: number) => milliseconds * (0.5 + random() / 2)

const pause = (platform: Needs, milliseconds: number) =>
  new Promise<void>((resolve) => {
    platform.after(milliseconds, resolve)
  })
