/** A few rows in memory, for a second at most. */
export interface Cache<V> {
  /** The value under a key, loaded where it is missing or old. That nothing is there is remembered too: it takes the same time. */
  readonly get: (key: string, load: () => Promise<V | undefined>) => Promise<V | undefined>
  /** The last known value, however old. */
  readonly peek: (key: string) => V | undefined
  /** Makes every value old. */
  readonly expire: () => void
}

interface Options {
  /** Milliseconds since some moment, never going back. */
  readonly elapsed: () => number
  readonly maxAgeMilliseconds: number
  readonly maxEntries: number
}

interface Entry<V> {
  readonly value: V | undefined
  readonly loadedAt: number
  readonly generation: number
}

/** Each key is loaded once at a time, however many ask. A load that was under way when the cache expired is not kept. */
export function createCache<V>({ elapsed, maxAgeMilliseconds, maxEntries }: Options): Cache<V> {
  const entries = new Map<string, Entry<V>>()
  // apart, so that a flood of unknown keys does not drive out the known
  const absent = new Map<string, Entry<V>>()
  const loading = new Map<string, Promise<V | undefined>>()
  let generation = 0

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
      if (entry && isFresh(entry)) return entry.value
      const underWay = loading.get(key)
      if (underWay) return underWay
      // its age counts from the question, since the answer may be as old as that
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
  }
}
