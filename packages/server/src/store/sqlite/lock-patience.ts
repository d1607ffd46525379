import { setTimeout } from 'node:timers/promises'
import type { Deadline } from '../../deadline.js'

/** How long a write waits at most while another program holds the write lock. */
const patienceMilliseconds = 2_000
const pauseMilliseconds = 25

export interface LockPatience {
  /** Notes a failed attempt at once, so that others that wait don't make theirs too. */
  readonly note: (error: unknown) => void
  /** Repeats an attempt that failed because of the lock, at most until a deadline. Nothing stands still meanwhile. */
  readonly whenUnlocked: <T>(attempt: () => Promise<T>, deadline?: Deadline) => Promise<T>
}

interface Time {
  /** Milliseconds since any moment. */
  readonly elapsed: () => number
  readonly delay: (milliseconds: number) => Promise<void>
}

const realTime: Time = { elapsed: () => performance.now(), delay: (milliseconds) => setTimeout(milliseconds) }

/** Waits for the write lock of a SQLite file without blocking the event loop, which SQLite itself would do. */
export function createLockPatience({ elapsed, delay }: Time = realTime): LockPatience {
  let lockedUntil = Number.NEGATIVE_INFINITY
  return {
    note(error) {
      if (isLocked(error)) lockedUntil = elapsed() + pauseMilliseconds / 2
    },
    async whenUnlocked(attempt, deadline) {
      const last = elapsed() + Math.min(patienceMilliseconds, deadline?.left() ?? patienceMilliseconds)
      for (let failure: unknown; ; await delay(pauseMilliseconds)) {
        const now = elapsed()
        // a call that already waits for the lock tries for all of them
        if (failure !== undefined && now < lockedUntil && now < last) continue
        try {
          return await attempt()
        } catch (error) {
          if (!isLocked(error) || elapsed() >= last) throw error
          failure = error
        }
      }
    },
  }
}

/** Nothing of the statement has been done. */
const isLocked = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_BUSY')
