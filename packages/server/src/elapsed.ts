import { uptime } from 'node:os'

/** Sleep shorter than this isn't told from the inaccuracy of the system's uptime. Milliseconds. */
const shortestSleepMilliseconds = 2_000
const checkMilliseconds = 1_000
/** The two clocks have to be read at the same time; a process that was interrupted in between tries again later. */
const togetherMilliseconds = 100

interface Sources {
  /** Milliseconds that leave out the time for which the machine slept. */
  readonly awake: () => number
  /** Milliseconds that include it. */
  readonly total: () => number
}

/** Milliseconds since some moment, which no change of the wall clock affects. Counts the time for which the machine slept. */
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

/** Only on Linux does the monotonic clock stop while the machine sleeps. */
export const elapsedOfProcess = (): (() => number) =>
  process.platform === 'linux'
    ? createElapsed({ awake: () => performance.now(), total: () => uptime() * 1000 })
    : () => performance.now()
