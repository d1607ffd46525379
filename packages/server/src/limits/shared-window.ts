import type { Clock } from '../clock.js'
import type { Deadline } from '../deadline.js'
import type { SharedDatabase } from '../store/database.js'
import { isStoreFailure } from '../store/failure.js'
import { clearCounts, countCalls } from '../store/postgres/count-calls.js'
import { type Allowance, type Meter, tightest } from './allowance.js'
import type { SlidingWindow } from './sliding-window.js'
import { touchLru } from './touch-lru.js'

interface Deps {
  readonly clock: Pick<Clock, 'now'>
  readonly local: SlidingWindow
  readonly database: Pick<SharedDatabase, 'query'>
  /** How many servers share the limits now. */
  readonly servers: () => number
}

/** A meter and its count in the database, including the current call. */
interface Counted {
  readonly meter: Meter
  readonly used: number
  /** When another call fits, in milliseconds since the epoch. */
  readonly freeAt: number
}

/**
 * The number of slots in a window. A slot that is only partly in the window counts in full, so a limit is exact to
 * within a tenth.
 */
const slotsPerWindow = 10
const maxBlocked = 100_000
/** If the database only was slow, the next call is counted there again. */
const maxRetrySeconds = 5

/**
 * Counts the calls of each key over all replicas, by time slot. A call that this process can refuse alone costs no
 * query. If the database fails or is slow, each process allows its part of the limit by its own count.
 */
export function createSharedWindow({ clock, local, database, servers }: Deps) {
  const blockedUntil = new Map<string, number>()

  const blockOf = ({ key, quota }: Meter, now: number): Allowance | undefined => {
    const until = blockedUntil.get(key) ?? 0
    // a refusal further ahead than a window was set before the clock went back
    const isBlocked = until > now && until <= now + quota.windowSeconds * 1000 * (1 + 1 / slotsPerWindow)
    return isBlocked ? { allowed: false, quota, remaining: 0, resetSeconds: secondsUntil(until, now) } : undefined
  }

  const count = async (meters: readonly Meter[], deadline?: Deadline): Promise<Allowance | undefined> => {
    const within = { query: (statement: Parameters<SharedDatabase['query']>[0]) => database.query(statement, deadline) }
    const now = clock.now()
    const names = meters.map((meter) => slotNamesOf(meter, now))
    const present = names.map((slots) => slots.at(-1) ?? '')
    const counts = await countCalls(within, { keys: present, points: 1, alsoRead: names.flatMap(past) })
    const counted = meters.map((meter, index) =>
      toCounted(
        meter,
        (names[index] ?? []).map((name) => counts.get(name) ?? 0),
        now,
      ),
    )
    const full = counted.filter(({ meter, used }) => used > meter.quota.limit)
    for (const { meter, freeAt } of full) touchLru(blockedUntil, meter.key, freeAt, maxBlocked)
    // a refused call is charged to no meter
    if (full.length > 0) await refund(within, present)
    return tightest(counted.map((each) => toAllowance(each, now)))
  }

  const refund = async (within: Pick<SharedDatabase, 'query'>, keys: readonly string[]) => {
    try {
      await countCalls(within, { keys, points: -1, alsoRead: [] })
    } catch (error) {
      if (!isStoreFailure(error)) throw error
    }
  }

  /** The call is already in this process's own count. */
  const allowPart = (meters: readonly Meter[], own: Allowance): Allowance => {
    const refused = tightest(
      meters.flatMap((meter) => {
        const { quota } = meter
        const { remaining = 0, resetSeconds = 1 } = local.look([meter]) ?? {}
        // at least one call each, so that a small limit isn't an outage
        if (quota.limit - remaining <= Math.max(1, Math.floor(quota.limit / servers()))) return []
        return [{ allowed: false, quota, remaining: 0, resetSeconds: Math.min(resetSeconds, maxRetrySeconds) }]
      }),
    )
    if (!refused) return own
    local.takeBack(meters)
    return refused
  }

  return {
    /** Charges a call to every meter, or to none if one of them is exhausted. Waits until the deadline of the call. */
    async consume(meters: readonly Meter[], deadline?: Deadline): Promise<Allowance | undefined> {
      const now = clock.now()
      const blocked = tightest(meters.map((meter) => blockOf(meter, now)).filter((block) => block !== undefined))
      if (blocked) return blocked
      const own = local.consume(meters)
      if (!own?.allowed) return own
      try {
        const shared = await count(meters, deadline)
        if (!shared?.allowed) local.takeBack(meters)
        return shared?.allowed ? tightest([own, shared]) : shared
      } catch (error) {
        if (isStoreFailure(error)) return allowPart(meters, own)
        throw error
      }
    },
    /** Deletes counts that are no longer needed. */
    clear: () => clearCounts(database),
  }
}

/** The keys of the slots in a window, oldest first: the full ones and the current one. */
function slotNamesOf({ key, quota }: Meter, now: number): string[] {
  const slot = Math.floor(now / slotMilliseconds(quota.windowSeconds))
  return Array.from({ length: slotsPerWindow + 1 }, (_, index) => `${key} ${slot - slotsPerWindow + index}`)
}

const past = <T>(slots: readonly T[]): T[] => slots.slice(0, -1)

const slotMilliseconds = (windowSeconds: number) => (windowSeconds * 1000) / slotsPerWindow

function toCounted(meter: Meter, slots: readonly number[], now: number): Counted {
  const { limit, windowSeconds } = meter.quota
  const used = sumOf(slots)
  // the call itself counts only if it is allowed
  const calls = used > limit ? [...past(slots), (slots.at(-1) ?? 1) - 1] : slots
  const length = slotMilliseconds(windowSeconds)
  return { meter, used, freeAt: (Math.floor(now / length) + slotsUntilFree(calls, limit)) * length }
}

function toAllowance({ meter: { quota }, used, freeAt }: Counted, now: number): Allowance {
  return {
    allowed: used <= quota.limit,
    quota,
    remaining: Math.max(0, quota.limit - used),
    resetSeconds: secondsUntil(freeAt, now),
  }
}

/** In how many slots another call fits, if no other calls are made. The counts are oldest first. */
function slotsUntilFree(counts: readonly number[], limit: number): number {
  let left = sumOf(counts)
  const most = Math.min(left, limit)
  const leaving = counts.findIndex((points) => {
    left -= points
    return left < most
  })
  // the oldest slot leaves the window when the current slot ends
  return leaving + 1
}

const sumOf = (counts: readonly number[]) => counts.reduce((sum, points) => sum + points, 0)

const secondsUntil = (time: number, now: number) => Math.max(1, Math.ceil((time - now) / 1000))
