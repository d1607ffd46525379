import { randomBytes } from 'node:crypto'

/** Time and randomness, passed in so that tests control them. */
export interface Clock {
  /** Whole milliseconds since the epoch. */
  readonly now: () => number
  /** Returns this many unpredictable bytes. */
  readonly random: (bytes: number) => Buffer
}

export const systemClock: Clock = { now: () => Date.now(), random: randomBytes }

/** Milliseconds as whole seconds, the unit of RFC 7519. */
export const toSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000)
