import { randomBytes } from 'node:crypto'

/** Time and chance, handed in so that a test can hold them still. */
export interface Clock {
  /** Whole milliseconds since the epoch. */
  readonly now: () => number
  /** This many unpredictable bytes. */
  readonly random: (bytes: number) => Buffer
}

export const systemClock: Clock = { now: () => Date.now(), random: randomBytes }

/** Milliseconds as whole seconds, as RFC 7519 counts. */
export const toSeconds = (milliseconds: number): number => Math.floor(milliseconds / 1000)
