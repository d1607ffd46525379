import type { Changes } from './changes.js'

/** A few rows in memory, for a second at most. */
export interface Cache<V> {
  /**
   * The value of a key, loaded if it is missing or old. A missing row is cached too, so that it takes the same time.
   */
  readonly get: (key: string, load: () => Promise<V | undefined>) => Promise<V | undefined>
  /** The last known value, however old. */
  readonly peek: (key: string) => V | undefined
  readonly counts: () => CacheCounts
}

/** How often a cache helped, and how much it holds. */
export interface CacheCounts {
  readonly hits: number
  readonly misses: number
  readonly entries: number
}

interface Options<V> {
  /** A monotonic time, in milliseconds. */
  readonly elapsed: () => number
  /** Values are old from the next change of their account. */
  readonly changes: Changes
  readonly accountOf: (value: V) => string
  readonly maxAgeMilliseconds: number
  readonly maxEntries: number
}

interface Entry<V> {
  readonly value: V | undefined
  readonly loadedAt: number
  /** How many changes there were when it was loaded. */
  readonly count: number
}

interface Load<V> {
  readonly promise: Promise<V | undefined>
  readonly count: number
}

/**
 * Each key is loaded once at a time, however many callers there are. A load during which its account changed is not
 * kept, and later callers don't wait for it.
 */
export function createCache<V>({ elapsed, changes, accountOf, maxAgeMilliseconds, maxEntries }: Options<V>): Cache<V> {
  const entries = new Map<string, Entry<V>>()
  // separate, so that a flood of unknown keys doesn't push out known values
  const absent = new Map<string, Entry<V>>()
  const loading = new Map<string, Load<V>>()
  let hits = 0
  let misses = 0

  const isCurrent = ({ value, count }: Entry<V>) =>
    changes.isCurrent(count, value === undefined ? undefined : accountOf(value))
  const isFresh = (entry: Entry<V>) => isCurrent(entry) && elapsed() - entry.loadedAt < maxAgeMilliseconds

  const keep = (key: string, entry: Entry<V>) => {
    if (!isCurrent(entry)) return
    entries.delete(key)
    absent.delete(key)
    const place = entry.value === undefined ? absent : entries
    place.set(key, entry)
    const oldest = place.size > maxEntries ? place.keys().next() : undefined
    if (oldest && !oldest.done) place.delete(oldest.value)
  }

  return {
    async get(key, load) {
      const entry = entries.get(key) ?? absent.get(key)
      if (entry && isFresh(entry)) {
        hits++
        return entry.value
      }
      const underWay = loading.get(key)
      if (underWay && changes.isCurrent(underWay.count)) {
        hits++
        return underWay.promise
      }
      misses++
      // its age counts from the query, because the result may be that old
      const asked = { loadedAt: elapsed(), count: changes.count() }
      const promise = load()
      loading.set(key, { promise, count: asked.count })
      try {
        const value = await promise
        keep(key, { ...asked, value })
        return value
      } finally {
        if (loading.get(key)?.promise === promise) loading.delete(key)
      }
    },
    peek: (key) => entries.get(key)?.value,
    counts: () => ({ hits, misses, entries: entries.size + absent.size }),
  }
}
