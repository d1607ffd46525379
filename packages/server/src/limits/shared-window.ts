import { RateLimiterPostgres } from 'rate-limiter-flexible'
import type { Clock } from '../clock.js'
import { isStoreFailure } from '../store/failure.js'
import type { SharedDatabase } from '../store/open-sqlite.js'
import type { Allowance, createSlidingWindow, Quota } from './sliding-window.js'

interface Needs {
  readonly clock: Pick<Clock, 'now'>
  readonly local: ReturnType<typeof createSlidingWindow>
  readonly database: Pick<SharedDatabase, 'query'>
}

/** The library has it, and not in its types. */
interface Expirable {
  clearExpired(before: number): Promise<void>
}

/** Longest that a count is still asked for, in seconds: two of the longest windows. */
const keptSeconds = 180
const maxBlocked = 100_000

/**
 * Counts calls per key over all replicas. A sliding window is put together from two fixed ones: the present one, and as
 * much of the one before as still lies in the window. What this process alone can refuse costs the database nothing; and
 * while the database cannot be asked, each process keeps to the limit by itself.
 */
export function createSharedWindow({ clock, local, database }: Needs) {
  const counter = new RateLimiterPostgres({
    storeClient: database,
    storeType: 'client',
    tableName: 'rate_limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: '',
    // it only counts; what is too much is decided here
    points: Number.MAX_SAFE_INTEGER,
    duration: keptSeconds,
  })
  const blockedUntil = new Map<string, number>()

  const count = async (key: string, quota: Quota): Promise<Allowance> => {
    const length = quota.windowSeconds * 1000
    const now = clock.now()
    const window = Math.floor(now / length)
    const [present, before] = await Promise.all([
      counter.consume(`${key} ${window}`, 1),
      counter.get(`${key} ${window - 1}`),
    ])
    const passed = now / length - window
    const last = Math.min(before?.consumedPoints ?? 0, quota.limit)
    const used = present.consumedPoints + last * (1 - passed)
    const allowed = Math.floor(used) <= quota.limit
    const free =
      freeAfter({ present: Math.min(present.consumedPoints, quota.limit), last, passed }, quota.limit) * length
    if (!allowed) block(blockedUntil, key, now + free)
    return {
      allowed,
      quota,
      remaining: Math.max(0, Math.floor(quota.limit - used)),
      resetSeconds: Math.max(1, Math.ceil(free / 1000)),
    }
  }

  return {
    async consume(key: string, quota: Quota): Promise<Allowance> {
      const now = clock.now()
      const blocked = blockedUntil.get(key) ?? 0
      if (blocked > now) {
        return { allowed: false, quota, remaining: 0, resetSeconds: Math.max(1, Math.ceil((blocked - now) / 1000)) }
      }
      const own = local.consume(key, quota)
      if (!own.allowed) return own
      try {
        const shared = await count(key, quota)
        // a refused call costs nothing
        if (!shared.allowed) local.takeBack(key)
        return { ...shared, remaining: Math.min(own.remaining, shared.remaining) }
      } catch (error) {
        if (isStoreFailure(error)) return own
        throw error
      }
    },
    /** Forgets counts that nobody asks for any more. */
    clear: () => (counter as unknown as Expirable).clearExpired(Date.now()),
  }
}

/** After how much of a window's length one more call fits, if none come in the meantime. */
function freeAfter(
  { present, last, passed }: { present: number; last: number; passed: number },
  limit: number,
): number {
  const room = limit - 1
  const untilEnd = 1 - passed
  // within this window the one before fades; in the next, this one does
  if (present <= room && last > 0) return Math.max(0, 1 - (room - present) / last - passed)
  return untilEnd + Math.max(0, present === 0 ? 0 : 1 - room / present)
}

function block(blockedUntil: Map<string, number>, key: string, until: number): void {
  blockedUntil.delete(key)
  blockedUntil.set(key, until)
  if (blockedUntil.size <= maxBlocked) return
  const oldest = blockedUntil.keys().next()
  if (!oldest.done) blockedUntil.delete(oldest.value)
}
