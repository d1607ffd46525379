import { uptime } from 'node:os'

/** The system's uptime is too inaccurate to detect a shorter sleep. Milliseconds. */
const shortestSleepMilliseconds = 2_000
const checkMilliseconds = 1_000
/** The two clocks must be read at the same time. If the process is interrupted in between, it retries later. */
const togetherMilliseconds = 100

interface Sources {
  /** Milliseconds without the time that the machine slept. */
  readonly awake: () => number
  /** Milliseconds including the time that the machine slept. */
  readonly total: () => number
}

/**
 * A monotonic time in milliseconds, unaffected by changes of the wall clock. It includes the time that the machine
 * slept.
 */
export function createElapsed({ awake, total }: Sources): () => number {
  let slept = 0
  let checked = { awake: awake(), total: total() }
  return () => {
    const before = awake()
    if (before - checked.awake < checkMilliseconds) return before + slept
    const now = { awake: before, total: total() }
    if (awake() - before > togetherMilliseconds) return before + slept
    const missed = now.total - checked.total - (now.awake - checked.awake)
    if (missed > shortestSleepMilliseconds) slept += missed
    checked = now
    return before + slept
  }
}

/** The monotonic clock stops during sleep on Linux only. */
export const elapsedOfProcess = (): (() => number) =>
  process.platform === 'linux'
    ? createElapsed({ awake: () => performance.now(), total: () => uptime() * 1000 })
    : () => performance.now()
