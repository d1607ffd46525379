import type { Clock } from '../clock.js'
import { keepNewest } from './keep-newest.js'

/** How many calls a key may make in any stretch of this many seconds. */
export interface Quota {
  readonly limit: number
  readonly windowSeconds: number
}

/** Whether a call may go on, and how the quota stands. */
export interface Allowance {
  readonly allowed: boolean
  readonly quota: Quota
  readonly remaining: number
  /** Whole seconds until one more call is free. */
  readonly resetSeconds: number
}

/** When a key's calls were made, oldest first; those before `first` have left the window. */
interface Calls {
  times: number[]
  first: number
}

const maxKeys = 100_000
const compactAt = 64

/** Counts calls per key in exact sliding windows. A refused call costs nothing, so that waiting as told always helps. */
export function createSlidingWindow(clock: Pick<Clock, 'now'>) {
  const callsByKey = new Map<string, Calls>()

  return {
    consume(key: string, quota: Quota): Allowance {
      const windowMilliseconds = quota.windowSeconds * 1000
      const calls = callsByKey.get(key) ?? { times: [], first: 0 }
      const now = clock.now()
      standStill(calls, now)
      forget(calls, now - windowMilliseconds)
      keepNewest(callsByKey, key, calls, maxKeys)
      const used = calls.times.length - calls.first
      const allowed = used < quota.limit
      if (allowed) calls.times.push(now)
      const oldest = calls.times[calls.first] ?? now
      return {
        allowed,
        quota,
        remaining: Math.max(0, quota.limit - used - (allowed ? 1 : 0)),
        resetSeconds: Math.max(1, Math.ceil((oldest + windowMilliseconds - now) / 1000)),
      }
    },
    /** Makes a key's last call undone. */
    takeBack(key: string): void {
      const calls = callsByKey.get(key)
      if (calls && calls.times.length > calls.first) calls.times.pop()
    },
  }
}

/** A clock that went back counts as having stood still since the last call, and goes on from there. */
function standStill(calls: Calls, now: number): void {
  const back = (calls.times.at(-1) ?? now) - now
  if (back > 0) calls.times = calls.times.map((time) => time - back)
}

/** Drops the calls up to a time, and their memory once it is worth it. */
function forget(calls: Calls, until: number): void {
  while ((calls.times[calls.first] ?? Number.POSITIVE_INFINITY) <= until) calls.first++
  if (calls.first < compactAt || calls.first * 2 < calls.times.length) return
  calls.times = calls.times.slice(calls.first)
  calls.first = 0
}
