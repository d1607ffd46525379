import type { Clock } from '../clock.js'
import { type Allowance, allows, type Meter, tightest } from './allowance.js'
import { touchLru } from './touch-lru.js'

/** The times of a key's calls, oldest first. Those before `first` have left the window. */
interface Calls {
  times: number[]
  first: number
  /** When the newest call that this entry can hold has left the window. */
  endsAt: number
}

const maxKeys = 100_000
const compactAt = 64
/** How many entries a call may drop: more than it can add, so that expired entries don't pile up. */
const droppedPerCall = 8

/**
 * Counts calls per key in exact sliding windows. A refused call isn't charged, so waiting for the reported time always
 * helps.
 */
export function createSlidingWindow(clock: Pick<Clock, 'now'>) {
  const callsByKey = new Map<string, Calls>()

  const open = ({ key, quota }: Meter, now: number): Calls => {
    const windowMilliseconds = quota.windowSeconds * 1000
    const calls = callsByKey.get(key) ?? { times: [], first: 0, endsAt: 0 }
    clampClock(calls, now)
    forget(calls, now - windowMilliseconds)
    calls.endsAt = now + windowMilliseconds
    touchLru(callsByKey, key, calls, maxKeys)
    return calls
  }

  /** The map is in order of use, so the entries that expired first come first. */
  const dropEnded = (now: number) => {
    let left = droppedPerCall
    for (const [key, { endsAt }] of callsByKey) {
      if (left-- === 0 || endsAt > now) return
      callsByKey.delete(key)
    }
  }

  return {
    /** Charges a call to every meter, or to none if one of them is exhausted. Returns the state of the tightest one. */
    consume(meters: readonly Meter[]): Allowance | undefined {
      const now = clock.now()
      dropEnded(now)
      const opened = meters.map((meter) => ({ meter, calls: open(meter, now) }))
      const allowed = opened.every(({ meter, calls }) => countOf(calls) < meter.quota.limit)
      if (allowed) for (const { calls } of opened) calls.times.push(now)
      return tightest(opened.map(({ meter, calls }) => standingOf(meter, calls, { now, allowed })))
    },
    /** The state of the meters, without charging anything. */
    look(meters: readonly Meter[]): Allowance | undefined {
      const now = clock.now()
      const known = meters.filter(({ key }) => callsByKey.has(key))
      return tightest(known.map((meter) => standingOf(meter, open(meter, now), { now, allowed: false })))
    },
    /** How many keys and calls are in memory. */
    size: () => ({
      keys: callsByKey.size,
      calls: [...callsByKey.values()].reduce((sum, { times }) => sum + times.length, 0),
    }),
    /** Undoes the last call of each meter. */
    takeBack(meters: readonly Meter[]): void {
      for (const { key } of meters) {
        const calls = callsByKey.get(key)
        if (calls && countOf(calls) > 0) calls.times.pop()
      }
    },
  }
}

export type SlidingWindow = ReturnType<typeof createSlidingWindow>

const countOf = (calls: Calls) => calls.times.length - calls.first

function standingOf({ quota }: Meter, calls: Calls, { now, allowed }: { now: number; allowed: boolean }): Allowance {
  const used = countOf(calls)
  const oldest = calls.times[calls.first] ?? now
  return {
    allowed: allowed || allows(quota, used),
    quota,
    remaining: Math.max(0, quota.limit - used),
    resetSeconds: Math.max(1, Math.ceil((oldest + quota.windowSeconds * 1000 - now) / 1000)),
  }
}

/** If the clock went back, time stands still at the last call until the clock catches up. */
function clampClock(calls: Calls, now: number): void {
  const back = (calls.times.at(-1) ?? now) - now
  if (back > 0) calls.times = calls.times.map((time) => time - back)
}

/** Drops the calls up to a time, and frees their memory once that is worth it. */
function forget(calls: Calls, until: number): void {
  while ((calls.times[calls.first] ?? Number.POSITIVE_INFINITY) <= until) calls.first++
  if (calls.first < compactAt || calls.first * 2 < calls.times.length) return
  calls.times = calls.times.slice(calls.first)
  calls.first = 0
}
