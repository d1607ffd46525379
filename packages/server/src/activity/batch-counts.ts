/** The maximum number of different counts in memory. Any beyond are dropped. */
const maxPending = 5_000

/** Counts that are collected for a while and then written together. */
export interface CountBatch<T> {
  /** The count of this key, if it isn't written yet. Adding to it in place takes half of the time of replacing it. */
  readonly find: (key: string) => T | undefined
  /** Begins a count. It does nothing else and never throws. */
  readonly begin: (key: string, count: T) => void
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
    find: (key) => pending.get(key),
    begin(key, count) {
      if (pending.size >= maxPending) return
      pending.set(key, count)
      timer ??= setTimeout(flush, milliseconds).unref()
    },
    flush,
  }
}
