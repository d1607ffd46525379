import RateLimiterPostgres from 'rate-limiter-flexible/lib/RateLimiterPostgres.js'
import type { Clock } from '../clock.js'
import { isStoreFailure } from '../store/failure.js'
import type { SharedDatabase } from '../store/open-sqlite.js'
import { readCounts } from '../store/postgres/read-counts.js'
import { keepNewest } from './keep-newest.js'
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

/** Into how many slots a window is cut. One that lies in it in part counts whole, so a limit is kept to within a tenth. */
const slotsPerWindow = 10
/** Longest that a count is still asked for, in seconds: two of the longest windows. */
const keptSeconds = 180
const maxBlocked = 100_000

/**
 * Counts calls per key over all replicas, by the slot of time that they were made in. What this process alone can refuse
 * costs the database nothing; and while the database cannot be asked, each process keeps to the limit by itself.
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
    const now = clock.now()
    const length = (quota.windowSeconds * 1000) / slotsPerWindow
    const slot = Math.floor(now / length)
    const nameOf = (age: number) => `${key} ${slot - age}`
    const [{ consumedPoints }, before] = await Promise.all([
      counter.consume(nameOf(0), 1),
      readCounts(
        database,
        Array.from({ length: slotsPerWindow }, (_, index) => nameOf(slotsPerWindow - index)),
      ),
    ])
    const used = sumOf(before) + consumedPoints
    const allowed = used <= quota.limit
    // a refused call costs nothing
    if (!allowed) await counter.reward(nameOf(0), 1)
    const calls = [...before, allowed ? consumedPoints : consumedPoints - 1]
    const free = (slot + slotsUntilFree(calls, quota.limit)) * length
    if (!allowed) keepNewest(blockedUntil, key, free, maxBlocked)
    return { allowed, quota, remaining: Math.max(0, quota.limit - used), resetSeconds: secondsUntil(free, now) }
  }

  return {
    async consume(key: string, quota: Quota): Promise<Allowance> {
      const now = clock.now()
      const blocked = blockedUntil.get(key) ?? 0
      // one that lies further off was set before the clock went back
      const isBlocked = blocked > now && blocked <= now + quota.windowSeconds * 1000 * (1 + 1 / slotsPerWindow)
      if (isBlocked) return { allowed: false, quota, remaining: 0, resetSeconds: secondsUntil(blocked, now) }
      const own = local.consume(key, quota)
      if (!own.allowed) return own
      try {
        const shared = await count(key, quota)
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

/** In how many slots one more call fits than now, if none come in the meantime; the counts stand oldest first. */
function slotsUntilFree(counts: readonly number[], limit: number): number {
  let left = sumOf(counts)
  const most = Math.min(left, limit)
  const leaving = counts.findIndex((points) => {
    left -= points
    return left < most
  })
  // the oldest of them leave the window with the present slot's end
  return leaving + 1
}

const sumOf = (counts: readonly number[]) => counts.reduce((sum, points) => sum + points, 0)

const secondsUntil = (time: number, now: number) => Math.max(1, Math.ceil((time - now) / 1000))
