/** The time by which a call must have its response. One object for everything that the call waits for. */
export interface Deadline {
  /** Milliseconds until then. Negative afterwards. */
  readonly left: () => number
  /** Calls `late` once the time has come, unless the function that this returns was called before. */
  readonly whenPassed: (late: () => void) => () => void
  /** A deadline that is this much later. */
  readonly later: (milliseconds: number) => Deadline
}

/** The deadline of a request that arrived at this time, in milliseconds of the monotonic clock. */
export type DeadlineOf = (arrivedAt: number) => Deadline

/** From the arrival of a request's headers to its response. The rest of the 5 s is for the response itself. */
export const callMilliseconds = 4_500
/** What a client that sent its body slowly still gets. */
export const leastMilliseconds = 1_000
/** Requests that arrive within this time share a deadline, so that what is bound to it is built once for all of them. */
const sharedMilliseconds = 50

interface Time {
  /** A monotonic time in milliseconds. */
  readonly elapsed: () => number
  /** Runs something after this time. */
  readonly startTimer?: (milliseconds: number, run: () => void) => void
}

/** Makes the deadlines of a server's calls. */
export function createDeadlines({ elapsed, startTimer = startOwnTimer }: Time): DeadlineOf {
  const ahead = new Map<number, Deadline>()
  const deadlineAt = (time: number): Deadline => {
    const at = Math.floor(time / sharedMilliseconds) * sharedMilliseconds
    const known = ahead.get(at)
    if (known) return known
    const waiting = new Set<() => void>()
    const left = () => at - elapsed()
    const pass = () => {
      // timers may fire early, and know nothing of a sleep of the machine
      if (left() > 0) return startTimer(left(), pass)
      ahead.delete(at)
      for (const late of waiting) late()
      waiting.clear()
    }
    const deadline: Deadline = {
      left,
      whenPassed(late) {
        waiting.add(late)
        return () => void waiting.delete(late)
      },
      later: (milliseconds) => deadlineAt(at + milliseconds),
    }
    ahead.set(at, deadline)
    startTimer(left(), pass)
    return deadline
  }
  return (arrivedAt) => deadlineAt(Math.max(arrivedAt + callMilliseconds, elapsed() + leastMilliseconds))
}

const startOwnTimer = (milliseconds: number, run: () => void) => void setTimeout(run, milliseconds).unref()

/** The time for one piece of work, which ends at a deadline. */
export interface TimeLimit {
  /** What `work` settles to, or once the deadline has passed, what `late` returns or throws. The work goes on. */
  readonly settle: <T>(work: Promise<T>, late: () => T) => Promise<T>
  /** Moves the deadline, and returns the new one. */
  readonly postpone: (milliseconds: number) => Deadline
}

export function limitTime(until: Deadline): TimeLimit {
  let deadline = until
  let giveUp: (() => void) | undefined
  let forget: (() => void) | undefined
  const wait = () => {
    if (giveUp) forget = deadline.whenPassed(giveUp)
  }
  return {
    settle: (work, late) =>
      new Promise((resolve, reject) => {
        giveUp = () => {
          try {
            resolve(late())
          } catch (error) {
            reject(error)
          }
        }
        wait()
        work.then(
          (value) => {
            forget?.()
            resolve(value)
          },
          (error: unknown) => {
            forget?.()
            reject(error)
          },
        )
      }),
    postpone(milliseconds) {
      forget?.()
      deadline = deadline.later(milliseconds)
      wait()
      return deadline
    },
  }
}
