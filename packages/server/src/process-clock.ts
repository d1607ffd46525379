import type { Logger } from 'pino'
import type { Clock } from './clock.js'
import { type ClockReading, followDatabaseClock, maxSkewMilliseconds } from './database-clock.js'
import { createSteadyClock } from './steady-clock.js'

/** The machine's clock has been set, not only disturbed, if it stays ahead for this long. Milliseconds. */
const settledMilliseconds = 600_000
const checkMilliseconds = 1_000
const readMilliseconds = 1_000
/** A process may have used so much more time than it noted. Milliseconds. */
export const notedMilliseconds = 2_000

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
  /** The same for the clock that the server follows, which can be the database's. */
  readonly targetAhead: () => number
  /** Starts no earlier than the latest time that another process noted, in milliseconds. Before any token is minted. */
  readonly continueFrom: (latest: number) => void
  /** Starts at the time of other processes that run now, in milliseconds. Before any token is minted. */
  readonly join: (time: number) => void
  /** The latest time that was used, in milliseconds; 0 before the first. */
  readonly lastUsed: () => number
  /** A time far ahead that is certain, so that {@link takeOver} may go there; undefined if there is none. To be called every second. */
  readonly findJump: () => number | undefined
  /** Goes to the followed time in one step. */
  readonly takeOver: () => void
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
    targetAhead: steady.gap,
    join: steady.set,
    continueFrom(latest) {
      const missing = latest - steady.now()
      if (missing > 0) steady.set(latest + (missing > notedMilliseconds ? notedMilliseconds : 0))
    },
    lastUsed: () => lastUsed,
    findJump() {
      if (steady.gap() > maxSkewMilliseconds) return isCertain() ? Math.ceil(target()) : undefined
      aheadSince = undefined
      return undefined
    },
    takeOver: () => steady.set(Math.max(target(), steady.now())),
  }
}

/** Follows a time that is read now and then every second. Throws if the first reading fails. */
export async function followTime(
  { ownNow, observe }: Pick<ProcessClock, 'ownNow' | 'observe'>,
  readTime: () => Promise<number>,
  onFailure: (cause: unknown) => void,
): Promise<() => Promise<void>> {
  const read = async () => {
    const asked = ownNow()
    const time = await readTime()
    observe({ asked, answered: ownNow(), time })
  }
  await read()
  let isUnderWay = false
  const timer = setInterval(async () => {
    if (isUnderWay) return
    isUnderWay = true
    await read().catch(onFailure)
    isUnderWay = false
  }, readMilliseconds).unref()
  return async () => clearInterval(timer)
}

/** Logs when a clock leaves the server's time and when it is back. */
export function watchClock(
  clock: Pick<ProcessClock, 'skew' | 'wallAhead' | 'targetAhead'>,
  log: Pick<Logger, 'error' | 'info'>,
): () => void {
  let isOff = false
  const timer = setInterval(() => {
    const wasOff = isOff
    isOff = clock.skew() > maxSkewMilliseconds
    const [wallAhead, targetAhead] = [clock.wallAhead(), clock.targetAhead()]
    if (isOff && !wasOff)
      log.error(
        { wallAheadMilliseconds: wallAhead, targetAheadMilliseconds: targetAhead },
        describeSkew(wallAhead, targetAhead),
      )
    if (wasOff && !isOff) log.info('The clocks agree again. The server is ready.')
  }, checkMilliseconds)
  timer.unref()
  return () => clearInterval(timer)
}

function describeSkew(wallAhead: number, targetAhead: number): string {
  const isWallOff = Math.abs(wallAhead) > maxSkewMilliseconds
  const ahead = isWallOff ? wallAhead : targetAhead
  const seconds = Math.abs(Math.round(ahead / 1000))
  const whose = isWallOff ? 'The clock of this machine' : "The database's clock"
  return `${whose} is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} the time this server runs by. The server is not ready until they are within ${maxSkewMilliseconds / 1000} s. Set the clock by NTP. If it is right, see “Clocks” in docs/operations.md.`
}
