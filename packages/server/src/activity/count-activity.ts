import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { ActivityCount } from '../store/queries/activity.js'
import type { Store } from '../store/store.js'
import { batchCounts } from './batch-counts.js'

/** How long counts are kept. */
const activityMilliseconds = 6 * 3_600_000
const minuteMilliseconds = 60_000
/** Counts are collected for this long and then written together. */
const batchMilliseconds = 2_000

/** Counts calls, for charts. */
export interface ActivityCounter {
  /** Counts one call. It does nothing else and never throws. */
  readonly count: (call: Pick<ActivityCount, 'accountId' | 'operation' | 'outcome'>) => void
  /** Writes the counts. Never throws: counts that can't be written are lost. */
  readonly flush: () => Promise<void>
}

interface Counting extends ActivityCount {
  count: number
}

interface Deps {
  readonly clock: Pick<Clock, 'now'>
  readonly store: Pick<Store, 'addActivity'>
  readonly log: Pick<Logger, 'warn'>
}

export function countActivity({ clock, store, log }: Deps): ActivityCounter {
  const { find, begin, flush } = batchCounts<Counting>(batchMilliseconds, (counts) =>
    store.addActivity(counts, activityMilliseconds).catch((cause: unknown) => {
      log.warn({ cause }, `${counts.length} counts of calls could not be written.`)
    }),
  )
  return {
    count({ accountId, operation, outcome }) {
      const minute = Math.floor(clock.now() / minuteMilliseconds) * minuteMilliseconds
      const found = find(minute, accountId, operation, outcome)
      if (found) found.count++
      else begin({ accountId, operation, outcome, minute, count: 1 }, minute, accountId, operation, outcome)
    },
    flush,
  }
}
