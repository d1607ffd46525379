import type { Clock } from './clock.js'

/** A clock that is further than this from the database's is wrong, and nobody knows for what else. */
export const maxSkewMilliseconds = 30_000

/** One look at another clock: it said `time` at some moment between `asked` and `answered` of our own. Milliseconds. */
export interface ClockReading {
  readonly asked: number
  readonly answered: number
  readonly time: number
}

/** Our own clock, put right by the database's, so that all replicas decide by one clock. */
export interface DatabaseClock {
  readonly clock: Clock
  /** What our own clock says. */
  readonly ownNow: () => number
  readonly observe: (reading: ClockReading) => void
  /** By how much our own clock differs, in milliseconds. */
  readonly skew: () => number
}

/**
 * Follows the database's clock. The correction is changed only where a reading contradicts it, and by no more than that, so
 * that it does not follow the chances of the network.
 */
export function followDatabaseClock(own: Clock): DatabaseClock {
  let correction = 0
  return {
    clock: { ...own, now: () => own.now() + correction },
    ownNow: own.now,
    observe({ asked, answered, time }) {
      correction = Math.min(Math.max(correction, time - answered), time - asked)
    },
    skew: () => Math.abs(correction),
  }
}
