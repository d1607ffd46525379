import type { Priority } from '@hallpass/contracts'

/** What calls wait for. */
export const shedCauses = ['event_loop', 'database'] as const
export type ShedCause = (typeof shedCauses)[number]

/** Why a call must be refused now, or undefined if it may begin. Called once for each call, in its turn. */
export type Shedder = (priority: Priority) => ShedCause | undefined

export interface ShedderDeps {
  /** How long calls may wait before it is an overload, in milliseconds. */
  readonly allowed: number
  /** A monotonic time in milliseconds. */
  readonly now: () => number
  /** How long the request that is read now has waited, in milliseconds. */
  readonly requestDelay: () => number
  /** How long the first call that waits for a database connection has waited, in milliseconds. 0 if none waits. */
  readonly databaseDelay: () => number
}

/** In an overload, how long a call may have waited, as a part of the allowed time. */
const patience: Readonly<Record<Priority, number>> = { low: 0.5, normal: 0.75, high: 4 }

/** A queue that stands for this long is no burst. An overload lasts until nothing was refused for as long. */
export const intervalMilliseconds = 300

/**
 * Finds out whether calls wait in a standing queue, as CoDel does (RFC 8289), and which of them to refuse.
 *
 * For each priority, it is an overload if for a whole interval no call waited for less than the allowed time. Then calls
 * that have waited for longer than their priority bears are refused. That keeps the wait short, and as soon as it is
 * short, no call is refused.
 */
export function createShedder(deps: ShedderDeps): Shedder {
  const shedders = { low: shedderOf(deps, 'low'), normal: shedderOf(deps, 'normal'), high: shedderOf(deps, 'high') }
  return (priority) => shedders[priority]()
}

function shedderOf({ allowed, now, requestDelay, databaseDelay }: ShedderDeps, priority: Priority) {
  const mostWaited = allowed * patience[priority]
  const calm = Math.min(allowed, mostWaited)
  let queuedSince: number | undefined
  let shedAt = Number.NEGATIVE_INFINITY
  return (): ShedCause | undefined => {
    const request = requestDelay()
    const database = databaseDelay()
    const waited = Math.max(request, database)
    if (waited <= calm) {
      queuedSince = undefined
      return undefined
    }
    const time = now()
    if (time - shedAt >= intervalMilliseconds) {
      queuedSince = waited > allowed ? (queuedSince ?? time) : undefined
      if (queuedSince === undefined || time - queuedSince < intervalMilliseconds) return undefined
    }
    if (waited <= mostWaited) return undefined
    shedAt = time
    return request >= database ? 'event_loop' : 'database'
  }
}
