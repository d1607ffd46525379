/** A few rows in memory, for a second at most. */
export interface Cache<V> {
  /**
   * The value of a key, loaded if it is missing or old. A missing row is cached too, so that it takes the same time.
   */
  readonly get: (key: string, load: () => Promise<V | undefined>) => Promise<V | undefined>
  /** The last known value, however old. */
  readonly peek: (key: string) => V | undefined
  /** Marks every value as old. */
  readonly expire: () => void
  readonly counts: () => CacheCounts
}

/** How often a cache helped, and how much it holds. */
export interface CacheCounts {
  readonly hits: number
  readonly misses: number
  readonly entries: number
}

interface Options {
  /** A monotonic time, in milliseconds. */
  readonly elapsed: () => number
  readonly maxAgeMilliseconds: number
  readonly maxEntries: number
}

interface Entry<V> {
  readonly value: V | undefined
  readonly loadedAt: number
  readonly generation: number
}

/**
 * Each key is loaded once at a time, however many callers there are. A load that was running when the cache expired is
 * not kept.
 */
export function createCache<V>({ elapsed, maxAgeMilliseconds, maxEntries }: Options): Cache<V> {
  const entries = new Map<string, Entry<V>>()
  // separate, so that a flood of unknown keys doesn't push out known values
  const absent = new Map<string, Entry<V>>()
  const loading = new Map<string, Promise<V | undefined>>()
  let generation = 0
  let hits = 0
  let misses = 0

  const isFresh = (entry: Entry<V>) =>
    entry.generation === generation && elapsed() - entry.loadedAt < maxAgeMilliseconds

  const keep = (key: string, value: V | undefined, entry: Omit<Entry<V>, 'value'>) => {
    if (entry.generation !== generation) return
    entries.delete(key)
    absent.delete(key)
    const place = value === undefined ? absent : entries
    place.set(key, { ...entry, value })
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
      if (underWay) {
        hits++
        return underWay
      }
      misses++
      // its age counts from the query, because the result may be that old
      const asked = { loadedAt: elapsed(), generation }
      const promise = load()
      loading.set(key, promise)
      try {
        const value = await promise
        keep(key, value, asked)
        return value
      } finally {
        if (loading.get(key) === promise) loading.delete(key)
      }
    },
    peek: (key) => entries.get(key)?.value,
    expire() {
      generation++
      loading.clear()
    },
    counts: () => ({ hits, misses, entries: entries.size + absent.size }),
  }
}
