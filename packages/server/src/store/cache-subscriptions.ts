import type { webhookEndpointQueries } from './queries/webhook-endpoints.js'

type Find = ReturnType<typeof webhookEndpointQueries>['findSubscribedTypes']

interface Options {
  /** A monotonic time, in milliseconds. */
  readonly elapsed: () => number
  readonly maxAgeMilliseconds: number
  readonly maxEntries: number
}

/** What each account subscribed to, for a second at most. */
export interface Subscriptions {
  readonly find: (accountId: string, load: Find) => ReturnType<Find>
  readonly expire: () => void
}

/**
 * Unlike other caches, it never lets one caller wait for the load of another: a transaction on SQLite would wait for
 * a read that waits for the transaction.
 */
export function cacheSubscriptions({ elapsed, maxAgeMilliseconds, maxEntries }: Options): Subscriptions {
  let entries = new Map<string, { readonly types: ReadonlySet<string>; readonly loadedAt: number }>()
  return {
    async find(accountId, load) {
      const known = entries.get(accountId)
      if (known && elapsed() - known.loadedAt < maxAgeMilliseconds) return known.types
      const [loadedAt, place] = [elapsed(), entries]
      const types = await load(accountId)
      // expired in the meantime: what was loaded may be from before
      if (place === entries) {
        if (entries.size >= maxEntries) entries.clear()
        entries.set(accountId, { types, loadedAt })
      }
      return types
    },
    expire() {
      entries = new Map()
    },
  }
}
