/** The maximum number of different counts in memory. Any beyond are dropped. */
const maxPending = 5_000

/** Counts that are collected for a while and then written together. */
export interface CountBatch<T> {
  /** Whether there is a count with this key that isn't written yet. */
  readonly has: (key: string) => boolean
  /** Adds to the count with this key. It does nothing else and never throws. */
  readonly add: (key: string, addTo: (found: T | undefined) => T) => void
  /** Writes the counts so far. */
  readonly flush: () => Promise<void>
}

/** `write` must not reject: counts that can't be written are lost. */
export function batchCounts<T>(milliseconds: number, write: (counts: readonly T[]) => Promise<void>): CountBatch<T> {
  let pending = new Map<string, T>()
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
  return {
    has: (key) => pending.has(key),
    add(key, addTo) {
      const found = pending.get(key)
      if (!found && pending.size >= maxPending) return
      pending.set(key, addTo(found))
      timer ??= setTimeout(flush, milliseconds).unref()
    },
    flush,
  }
}
