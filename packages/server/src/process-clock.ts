import type { Logger } from 'pino'
import type { Clock } from './clock.js'
import { type ClockReading, followDatabaseClock, maxSkewMilliseconds } from './database-clock.js'
import { createSteadyClock } from './steady-clock.js'

/** The machine's clock has been set, not only disturbed, if it stays ahead for this long. Milliseconds. */
const settledMilliseconds = 600_000
const checkMilliseconds = 1_000
/** A process may have used so much more time than it noted. Milliseconds. */
const notedMilliseconds = 2_000

/** The time that a server lives by: it follows the wall clock, or the database's clock, and never jumps with it. */
export interface ProcessClock {
  readonly clock: Clock
  /** Milliseconds that never jump, to time readings of the database's clock with. */
  readonly ownNow: () => number
  readonly observe: (reading: ClockReading) => void
  /** By how much the clocks of this process differ at most, in milliseconds. */
  readonly skew: () => number
  /** How far the machine's own clock is ahead of the server's time; negative if it is behind. Milliseconds. */
  readonly wallAhead: () => number
  /** Starts no earlier than the latest time that another process noted, in milliseconds. Before any token is minted. */
  readonly continueFrom: (latest: number) => void
  /** The latest time that was used, in milliseconds; 0 before the first. */
  readonly lastUsed: () => number
  /** Takes over a time that is far ahead, once it is certain. To be called every second. */
  readonly check: () => void
}

interface Sources {
  /** The machine's clock, which can be set at any time. */
  readonly wall: Clock
  /** Milliseconds since some moment, which never jump. */
  readonly elapsed: () => number
}

export function createProcessClock({ wall, elapsed }: Sources): ProcessClock {
  const began = wall.now() - elapsed()
  const ownNow = () => began + elapsed()
  const database = followDatabaseClock({ ...wall, now: ownNow })
  let isShared = false
  let aheadSince: number | undefined
  let lastUsed = 0
  const target = () => (isShared ? database.clock.now() : wall.now())
  const steady = createSteadyClock({ target, elapsed })
  const wallAhead = () => wall.now() - steady.now()

  /** Two clocks that agree are right at once; one alone is once it stays there. */
  const isCertain = () => {
    if (isShared) return Math.abs(wall.now() - target()) <= maxSkewMilliseconds
    aheadSince ??= elapsed()
    return elapsed() - aheadSince >= settledMilliseconds
  }
  return {
    clock: {
      ...wall,
      now() {
        lastUsed = steady.now()
        return lastUsed
      },
    },
    ownNow,
    observe(reading) {
      database.observe(reading)
      if (isShared) return
      isShared = true
      steady.set(target())
    },
    skew: () => Math.max(Math.abs(steady.gap()), Math.abs(wall.now() - target())),
    wallAhead,
    continueFrom(latest) {
      const missing = latest - steady.now()
      if (missing > 0) steady.set(latest + (missing > notedMilliseconds ? notedMilliseconds : 0))
    },
    lastUsed: () => lastUsed,
    check() {
      if (steady.gap() <= maxSkewMilliseconds) aheadSince = undefined
      else if (isCertain()) steady.set(target())
    },
  }
}

/** Checks the clock every second, and logs when the machine's clock leaves the server's time and when it is back. */
export function watchClock(clock: Pick<ProcessClock, 'skew' | 'wallAhead' | 'check'>, log: Logger): () => void {
  let isOff = false
  const timer = setInterval(() => {
    clock.check()
    const wasOff = isOff
    isOff = clock.skew() > maxSkewMilliseconds
    if (isOff && !wasOff) log.error({ wallAheadMilliseconds: clock.wallAhead() }, describeSkew(clock.wallAhead()))
    if (wasOff && !isOff) log.info('The clock of this machine is right again. The server is ready.')
  }, checkMilliseconds)
  timer.unref()
  return () => clearInterval(timer)
}

function describeSkew(wallAhead: number): string {
  const seconds = Math.abs(Math.round(wallAhead / 1000))
  const where = wallAhead > 0 ? 'ahead of' : 'behind'
  return `The clock of this machine is ${seconds} s ${where} the time this server runs by. The server is not ready until they are within ${maxSkewMilliseconds / 1000} s. Set the clock by NTP. If it is right, see “Clocks” in docs/operations.md.`
}
