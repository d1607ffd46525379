import { setTimeout as delay } from 'node:timers/promises'
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

/** Waits for the write lock of a SQLite file without blocking the event loop, which SQLite itself would do. */
export function createLockPatience(): LockPatience {
  let lockedUntil = Number.NEGATIVE_INFINITY
  return {
    note(error) {
      if (isLocked(error)) lockedUntil = performance.now() + pauseMilliseconds / 2
    },
    async whenUnlocked(attempt, deadline) {
      const last = performance.now() + Math.min(patienceMilliseconds, deadline?.left() ?? patienceMilliseconds)
      for (let failure: unknown; ; await delay(pauseMilliseconds)) {
        const now = performance.now()
        // a call that already waits for the lock tries for all of them
        if (failure !== undefined && now < lockedUntil && now < last) continue
        try {
          return await attempt()
        } catch (error) {
          if (!isLocked(error) || performance.now() >= last) throw error
          failure = error
        }
      }
    },
  }
}

/** Nothing of the statement has been done. */
const isLocked = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('SQLITE_BUSY')
