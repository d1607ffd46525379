import type { Changes } from './changes.js'
import type { webhookEndpointQueries } from './queries/webhook-endpoints.js'

type Find = ReturnType<typeof webhookEndpointQueries>['findSubscribedTypes']

interface Options {
  /** A monotonic time, in milliseconds. */
  readonly elapsed: () => number
  readonly changes: Changes
  readonly maxAgeMilliseconds: number
  readonly maxEntries: number
}

/**
 * What each account subscribed to, for a second at most. Unlike other caches, it never lets one caller wait for the load
 * of another: a transaction on SQLite would wait for a read that waits for the transaction.
 */
export function cacheSubscriptions({ elapsed, changes, maxAgeMilliseconds, maxEntries }: Options) {
  const entries = new Map<string, { readonly types: ReadonlySet<string>; readonly loadedAt: number; count: number }>()
  return async (accountId: string, load: Find): ReturnType<Find> => {
    const known = entries.get(accountId)
    if (known && changes.isCurrent(known.count, accountId) && elapsed() - known.loadedAt < maxAgeMilliseconds)
      return known.types
    const [loadedAt, count] = [elapsed(), changes.count()]
    const types = await load(accountId)
    // it may have changed in the meantime
    if (changes.isCurrent(count, accountId)) {
      if (entries.size >= maxEntries) entries.clear()
      entries.set(accountId, { types, loadedAt, count })
    }
    return types
  }
}
