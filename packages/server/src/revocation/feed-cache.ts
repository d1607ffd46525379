/** Feeds by account. The least recently used ones are dropped. */
export interface FeedCache<F> {
  readonly get: (accountId: string) => F | undefined
  /** Stores a feed. Call it again if its size may have changed. */
  readonly set: (accountId: string, feed: F) => void
}

const mostEmpty = 5_000
const mostFilled = 5_000
/** The maximum size of the names in all feeds, in bytes of JSON. */
const mostBytes = 8_000_000

/** Keeps feeds with names apart from empty ones, so that made-up account ids can't push out real feeds. */
export function createFeedCache<F>(sizeOf: (feed: F) => number): FeedCache<F> {
  const empty = new Map<string, F>()
  const filled = new Map<string, { readonly feed: F; readonly bytes: number }>()
  let total = 0
  const remove = (accountId: string) => {
    empty.delete(accountId)
    total -= filled.get(accountId)?.bytes ?? 0
    filled.delete(accountId)
  }
  const trim = () => {
    for (const [accountId] of filled) {
      // the newest feed is kept, whatever its size
      if (filled.size === 1 || (filled.size <= mostFilled && total <= mostBytes)) break
      remove(accountId)
    }
    for (const [accountId] of empty) {
      if (empty.size <= mostEmpty) break
      empty.delete(accountId)
    }
  }
  const set = (accountId: string, feed: F) => {
    remove(accountId)
    const bytes = sizeOf(feed)
    if (bytes === 0) empty.set(accountId, feed)
    else filled.set(accountId, { feed, bytes })
    total += bytes
    trim()
  }
  return {
    get(accountId) {
      const feed = filled.get(accountId)?.feed ?? empty.get(accountId)
      if (feed !== undefined) set(accountId, feed)
      return feed
    },
    set,
  }
}
