import type { Clock } from '../clock.js'
import { type Allowance, allows, type Meter, tightest } from './allowance.js'
import { touchLru } from './touch-lru.js'

/** When a key's calls were made, oldest first; those before `first` have left the window. */
interface Calls {
  times: number[]
  first: number
  /** When the newest call that this entry may hold has left the window. */
  endsAt: number
}

const maxKeys = 100_000
const compactAt = 64
/** How many entries a call may drop: more than it can add, so that entries that have ended do not pile up. */
const droppedPerCall = 8

/** Counts calls per key in exact sliding windows. A refused call costs nothing, so that waiting as told always helps. */
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

  /** The map is in order of use, so the entries that ended first stand first. */
  const dropEnded = (now: number) => {
    let left = droppedPerCall
    for (const [key, { endsAt }] of callsByKey) {
      if (left-- === 0 || endsAt > now) return
      callsByKey.delete(key)
    }
  }

  return {
    /** Charges a call to every meter, or, when one of them is used up, to none. The answer is that of the tightest one. */
    consume(meters: readonly Meter[]): Allowance | undefined {
      const now = clock.now()
      dropEnded(now)
      const opened = meters.map((meter) => ({ meter, calls: open(meter, now) }))
      const allowed = opened.every(({ meter, calls }) => countOf(calls) < meter.quota.limit)
      if (allowed) for (const { calls } of opened) calls.times.push(now)
      return tightest(opened.map(({ meter, calls }) => standingOf(meter, calls, { now, allowed })))
    },
    /** How the meters stand, without charging anything. */
    look(meters: readonly Meter[]): Allowance | undefined {
      const now = clock.now()
      const known = meters.filter(({ key }) => callsByKey.has(key))
      return tightest(known.map((meter) => standingOf(meter, open(meter, now), { now, allowed: false })))
    },
    /** How many keys and calls it holds in memory. */
    size: () => ({
      keys: callsByKey.size,
      calls: [...callsByKey.values()].reduce((sum, { times }) => sum + times.length, 0),
    }),
    /** Makes the last call of each meter undone. */
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

/** A clock that went back counts as having stood still since the last call, and goes on from there. */
function clampClock(calls: Calls, now: number): void {
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
