import { isPageOrigin } from '@hallpass/contracts'
import type { Logger } from 'pino'
import type { Clock } from '../clock.js'
import type { OriginCount } from '../store/queries/origin-counts.js'
import type { Store } from '../store/store.js'
import { batchCounts } from './batch-counts.js'

/** How long counts are kept: yesterday's and today's. */
const keptMilliseconds = 48 * 3_600_000
const hourMilliseconds = 3_600_000
/** Counts are collected for this long and then written together. */
const batchMilliseconds = 5_000
/** How many origins of a client key are counted separately in an hour. The rest is one count. */
const originsPerHour = 50
/** The maximum number of client keys whose origins of this hour are remembered. */
const maxKnown = 2_000

/** A page's call, as its client key's allowlist judged it. */
type Call = Pick<OriginCount, 'accountId' | 'clientKeyId' | 'origin' | 'outcome'>

/** Counts calls by the origin of their page, so that a change of an allowlist can be tried on them. */
export interface OriginCounter {
  /** Counts one call. It does nothing else and never throws. */
  readonly count: (call: Call) => void
  /** Writes the counts. Never throws: counts that can't be written are lost. */
  readonly flush: () => Promise<void>
}

interface Counting extends OriginCount {
  calls: number
}

interface Deps {
  readonly clock: Pick<Clock, 'now'>
  readonly store: Pick<Store, 'addOriginCounts' | 'listCountedOrigins'>
  readonly log: Pick<Logger, 'warn'>
}

export function countOrigins({ clock, store, log }: Deps): OriginCounter {
  const fold = foldRest(store)
  const write = async (counts: readonly OriginCount[]) => {
    try {
      const folded = new Map<string, OriginCount>()
      for (const count of counts) {
        const one = await fold(count)
        folded.set(keyOf(one), sumOf(one, folded.get(keyOf(one))))
      }
      await store.addOriginCounts([...folded.values()], keptMilliseconds)
    } catch (cause) {
      log.warn({ cause }, `${counts.length} counts of origins could not be written.`)
    }
  }
  const { find, begin, flush } = batchCounts<Counting>(batchMilliseconds, write)
  const add = (hour: number, { clientKeyId, outcome, origin }: Call): boolean => {
    const found = find(hour, clientKeyId, outcome, origin)
    if (found) found.calls++
    return found !== undefined
  }
  return {
    count(call) {
      const hour = Math.floor(clock.now() / hourMilliseconds) * hourMilliseconds
      // what is counted was checked before: parsing it as a URL again took 4 % of a call
      if (add(hour, call)) return
      const named = isPageOrigin(call.origin) ? call : { ...call, origin: '' }
      if (named !== call && add(hour, named)) return
      const { clientKeyId, outcome, origin } = named
      begin({ ...named, hour, calls: 1 }, hour, clientKeyId, outcome, origin)
    },
    flush,
  }
}

const keyOf = ({ accountId, clientKeyId, outcome, hour, origin }: OriginCount) =>
  `${accountId} ${clientKeyId} ${outcome} ${hour} ${origin}`

const sumOf = (count: OriginCount, found: OriginCount | undefined): OriginCount => ({
  ...count,
  calls: count.calls + (found?.calls ?? 0),
})

/**
 * Counts the first origins of a client key's hour separately, and the rest as one. The database knows those of other
 * processes and of earlier ones, so a flood of made-up origins adds no more rows after a restart.
 */
function foldRest(store: Deps['store']): (count: OriginCount) => Promise<OriginCount> {
  const known = new Map<string, Set<string>>()
  return async (count) => {
    const { accountId, clientKeyId, hour, origin } = count
    if (origin === '') return count
    const key = `${hour} ${accountId} ${clientKeyId}`
    let origins = known.get(key)
    if (!origins) {
      origins = new Set(await store.listCountedOrigins(accountId, clientKeyId, hour))
      known.set(key, origins)
      const [oldest] = known.keys()
      if (known.size > maxKnown && oldest !== undefined) known.delete(oldest)
    }
    if (!origins.has(origin) && origins.size >= originsPerHour) return { ...count, origin: '' }
    origins.add(origin)
    return count
  }
}
