import type { Logger } from 'pino'
import type { Clock } from './clock.js'
import { type ClockReading, followDatabaseClock, maxSkewMilliseconds } from './database-clock.js'
import { createSteadyClock } from './steady-clock.js'

/** If the machine's clock stays ahead for this long, someone set it on purpose. Milliseconds. */
const settledMilliseconds = 600_000
const checkMilliseconds = 1_000
const readMilliseconds = 1_000
/** The longest time that a process uses before it notes it. Milliseconds. */
export const notedMilliseconds = 2_000

/** The time that a server uses. It follows the wall clock, or the database's clock, without ever jumping. */
export interface ProcessClock {
  readonly clock: Clock
  /** A monotonic time in milliseconds, used to measure readings of the database's clock. */
  readonly ownNow: () => number
  readonly observe: (reading: ClockReading) => void
  /** The maximum difference between the clocks of this process, in milliseconds. */
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
  /**
   * A time far ahead that is certain, so that {@link takeOver} may go there. Undefined if there is none. Call it every
   * second.
   */
  readonly findJump: () => number | undefined
  /** Moves to the followed time in one step. */
  readonly takeOver: () => void
}

interface Sources {
  /** The machine's clock, which anyone can set at any time. */
  readonly wall: Clock
  /** A monotonic time, in milliseconds. */
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

  /** If two clocks agree, they are right at once. One alone is right once it stays there. */
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

/** Follows a time that is read every second. Throws if the first reading fails. */
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

/** Logs when a clock no longer agrees with the server's time, and when it agrees again. */
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
  return `${whose} is ${seconds} s ${ahead > 0 ? 'ahead of' : 'behind'} this server's time. The server is not ready until they are within ${maxSkewMilliseconds / 1000} s. Set the clock by NTP. If it is right, see “Clocks” in docs/operations.md.`
}
