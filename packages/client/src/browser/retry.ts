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
/** How long the host page or its backend may take, in milliseconds, because all tabs wait for this one. */
const longestAnswer = 10_000

/** Limits how long to wait for work. Then fails as `network`, or as `aborted` if the signal says so earlier. */
export function withTimeout<T>(
  { after }: Pick<Platform, 'after'>,
  work: T | Promise<T>,
  milliseconds = longestAnswer,
  signal?: AbortSignal | null | undefined,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const words = `No response within ${milliseconds / 1000} seconds.`
    const stop = after(milliseconds, () => reject(new WidgetSessionError('network', words)))
    const abort = () => reject(new WidgetSessionError('aborted', 'The call was aborted.', { cause: signal?.reason }))
    if (signal?.aborted) abort()
    signal?.addEventListener('abort', abort)
    Promise.resolve(work)
      .then(resolve, reject)
      .finally(() => {
        stop()
        signal?.removeEventListener('abort', abort)
      })
  })
}

/** How long a call waits in all, in milliseconds. */
const longestCall = 45_000

/** Waits for work that others may wait for too, for as long as the caller wants to, but not for ever. */
export const waitFor = <T>(
  platform: Pick<Platform, 'after'>,
  work: Promise<T>,
  options?: { readonly signal?: AbortSignal | null | undefined },
): Promise<T> => withTimeout(platform, work, longestCall, options?.signal)

const pause = (platform: Pick<Platform, 'after'>, milliseconds: number) =>
  new Promise<void>((resolve) => {
    platform.after(milliseconds, resolve)
  })
