/** How much faster or slower than real time a steady clock runs while it follows another, as a fraction. */
export const slewRate = 0.05
/** A step counts as no longer than this, so that a jump right before it changes almost nothing. Milliseconds. */
const longestStepMilliseconds = 1_000

/** The sources of a steady clock. Both in milliseconds. */
export interface TimeSources {
  /** The time to follow. It can jump. */
  readonly target: () => number
  /** A monotonic time. */
  readonly elapsed: () => number
}

/** A clock that follows another one without ever jumping with it. */
export interface SteadyClock {
  /** Whole milliseconds since the epoch. Never goes back, and runs at 1 ± {@link slewRate} of real time. */
  readonly now: () => number
  /** How far the followed time is ahead. Negative if it is behind. */
  readonly gap: () => number
  /** Sets the clock. Going back is only safe before any token is minted. */
  readonly set: (time: number) => void
}

/** Starts at the followed time, then approaches it slowly after each of its jumps. */
export function createSteadyClock({ target, elapsed }: TimeSources): SteadyClock {
  let time = target()
  let readAt = elapsed()
  const read = () => {
    const at = elapsed()
    const passed = Math.max(0, at - readAt)
    readAt = at
    time += passed
    const most = slewRate * Math.min(passed, longestStepMilliseconds)
    time += Math.min(Math.max(target() - time, -most), most)
    return time
  }
  return {
    now: () => Math.floor(read()),
    gap: () => target() - read(),
    set(to) {
      time = to
      readAt = elapsed()
    },
  }
}
