import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { ActivityCount } from '../store/queries/activity.js'
import type { Store } from '../store/store.js'

/** How long counts are kept. */
const activityMilliseconds = 6 * 3_600_000
const minuteMilliseconds = 60_000
/** Counts are collected for this long and then written together. */
const batchMilliseconds = 2_000
/** The maximum number of different counts in memory. Any beyond are dropped. */
const maxPending = 5_000

/** Counts calls, for charts. */
export interface ActivityCounter {
  /** Counts one call. It does nothing else and never throws. */
  readonly count: (call: Pick<ActivityCount, 'accountId' | 'operation' | 'outcome'>) => void
  /** Writes the counts. Never throws: counts that can't be written are lost. */
  readonly flush: () => Promise<void>
}

interface Deps {
  readonly clock: Pick<Clock, 'now'>
  readonly store: Pick<Store, 'addActivity'>
  readonly log: Pick<Logger, 'warn'>
}

export function countActivity({ clock, store, log }: Deps): ActivityCounter {
  let pending = new Map<string, ActivityCount>()
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  const flush = () => {
    clearTimeout(timer)
    timer = undefined
    const counts = [...pending.values()]
    pending = new Map()
    // one after the other, so that waiting for this batch also waits for those before it
    if (counts.length > 0) writing = writing.then(() => write(counts))
    return writing
  }
  const write = (counts: readonly ActivityCount[]) =>
    store.addActivity(counts, activityMilliseconds).catch((cause: unknown) => {
      log.warn({ cause }, `${counts.length} counts of calls could not be written.`)
    })
  return {
    count({ accountId, operation, outcome }) {
      const minute = Math.floor(clock.now() / minuteMilliseconds) * minuteMilliseconds
      const key = `${accountId} ${operation} ${outcome} ${minute}`
      const found = pending.get(key)
      if (!found && pending.size >= maxPending) return
      pending.set(key, { accountId, operation, outcome, minute, count: (found?.count ?? 0) + 1 })
      timer ??= setTimeout(flush, batchMilliseconds).unref()
    },
    flush,
  }
}
