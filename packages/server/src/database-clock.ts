import type { Clock } from './clock.js'

/** If a clock differs from the database's by more than this, it is wrong, and the server isn't ready. Milliseconds. */
export const maxSkewMilliseconds = 30_000

/**
 * One reading of another clock: it showed `time` at some moment between `asked` and `answered` of the local clock.
 * Milliseconds.
 */
export interface ClockReading {
  readonly asked: number
  readonly answered: number
  readonly time: number
}

/** The local clock, corrected by the database's clock, so that all replicas use the same time. */
export interface DatabaseClock {
  readonly clock: Clock
  /** The local clock without the correction. */
  readonly ownNow: () => number
  readonly observe: (reading: ClockReading) => void
  /** How far the local clock is off, in milliseconds. */
  readonly skew: () => number
}

/**
 * Follows the database's clock. The correction changes only if a reading contradicts it, and only by as much as needed,
 * so that network delays don't move the clock.
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
