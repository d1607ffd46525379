import { type CacheCounts, createCache } from './cache.js'
import { followChanges } from './changes.js'
import type { Customer, customerQueries } from './queries/customers.js'

type Find = ReturnType<typeof customerQueries>['findCustomer']

/** Customers in memory, exactly as they are in the database. */
export interface CachedCustomers {
  readonly find: (accountId: string, id: string, load: Find) => ReturnType<Find>
  /** Begins a change in an account. Until the returned function is called, none of its customers comes from memory. */
  readonly beginChange: (accountId: string) => () => void
  /** Any customer may have changed. */
  readonly expire: () => void
  readonly counts: () => CacheCounts
}

interface Options {
  /** A monotonic time, in milliseconds. */
  readonly elapsed: () => number
  readonly maxAgeMilliseconds: number
  readonly maxEntries: number
}

/**
 * For a database whose version shows what other processes commit. Bridge initialize reads its customer before and after
 * it signs, which took 7 % of a call. A token that is signed while the status of its customer changes must be refused, or
 * be covered by the cutoff of that change. So a call that comes after the beginning of a change reads the row, which
 * shows the change.
 */
export function cacheCustomers(options: Options): CachedCustomers {
  const changes = followChanges({ maxAccounts: options.maxEntries })
  const cache = createCache<{ readonly accountId: string; readonly customer: Customer }>({
    ...options,
    changes,
    accountOf: ({ accountId }) => accountId,
  })
  /** How many changes of each account are under way. */
  const underWay = new Map<string, number>()
  return {
    async find(accountId, id, load) {
      if (underWay.has(accountId)) return load(accountId, id)
      const found = await cache.get(`${accountId} ${id}`, async () => {
        const customer = await load(accountId, id)
        return customer && { accountId, customer }
      })
      return found?.customer
    },
    beginChange(accountId) {
      underWay.set(accountId, (underWay.get(accountId) ?? 0) + 1)
      // what is being loaded may be from before
      changes.note(accountId)
      return () => {
        const others = (underWay.get(accountId) ?? 1) - 1
        if (others > 0) underWay.set(accountId, others)
        else underWay.delete(accountId)
        changes.note(accountId)
      }
    },
    expire: () => changes.note(),
    counts: cache.counts,
  }
}
