import type { Clock } from '../clock.js'

/** How many calls a key may make in any stretch of this many seconds. */
export interface Quota {
  readonly limit: number
  readonly windowSeconds: number
}

/** Whether a call may go on, and how the quota stands. Times in whole seconds. */
export interface Allowance {
  readonly allowed: boolean
  readonly quota: Quota
  readonly remaining: number
  /** Until one more call is free. */
  readonly resetSeconds: number
}

interface Counter {
  readonly slots: Uint32Array
  newest: number
}

/** A window is counted in this many slots, and one more for the slot that is half in it: never over the limit, at most 5 % under it. */
const slotsPerWindow = 20
const slotCount = slotsPerWindow + 1
const maxKeys = 100_000

/** Counts calls per key in sliding windows. A refused call costs nothing, so that waiting as told always helps. */
export function createSlidingWindow(clock: Pick<Clock, 'now'>) {
  const counters = new Map<string, Counter>()

  return {
    consume(key: string, quota: Quota): Allowance {
      const slotMilliseconds = (quota.windowSeconds * 1000) / slotsPerWindow
      const slot = Math.floor(clock.now() / slotMilliseconds)
      const counter = advance(counters.get(key) ?? { slots: new Uint32Array(slotCount), newest: slot }, slot)
      touch(counters, key, counter)
      const used = counter.slots.reduce((sum, count) => sum + count, 0)
      const allowed = used < quota.limit
      if (allowed) counter.slots[slot % slotCount] = (counter.slots[slot % slotCount] ?? 0) + 1
      return {
        allowed,
        quota,
        remaining: Math.max(0, quota.limit - used - (allowed ? 1 : 0)),
        resetSeconds: Math.max(1, Math.ceil(untilFree(counter, slot, slotMilliseconds, clock.now()) / 1000)),
      }
    },
  }
}

/** Empties the slots that time has passed over. A clock that went back counts into the newest slot. */
function advance(counter: Counter, slot: number): Counter {
  const steps = Math.min(slot - counter.newest, slotCount)
  for (let step = 1; step <= steps; step++) counter.slots[(counter.newest + step) % slotCount] = 0
  if (slot > counter.newest) counter.newest = slot
  return counter
}

/** Milliseconds until the oldest counted call leaves the window. */
function untilFree(counter: Counter, slot: number, slotMilliseconds: number, now: number): number {
  for (let age = slotCount - 1; age >= 0; age--) {
    const index = (slot - age) % slotCount
    if ((counter.slots[index] ?? 0) > 0) return (slot - age + slotCount) * slotMilliseconds - now
  }
  return 0
}

/** Keeps the map in order of use and of bounded size. */
function touch(counters: Map<string, Counter>, key: string, counter: Counter): void {
  counters.delete(key)
  counters.set(key, counter)
  if (counters.size <= maxKeys) return
  const oldest = counters.keys().next()
  if (!oldest.done) counters.delete(oldest.value)
}
