/** When a cached document is refetched. Times in milliseconds. */
export interface CachePolicy {
  /** Up to this age, the document is returned without a request. */
  readonly fresh: number
  /** Up to this age, it is returned while a refresh runs. Older: callers wait for the refresh, unless one failed within this time. */
  readonly usable: number
  /** The minimum time between a failed or forced request and the next one. */
  readonly minRefetchInterval: number
}

/** A document of the issuer, with at most one request at a time. */
export interface CachedDocument<T> {
  /** The document, refreshed if it is old. The old one if that fails, or undefined if there never was one. */
  readonly get: () => Promise<T | undefined>
  /** Refreshes the document, unless that was tried a moment ago. Call it for a value that the document doesn't contain. */
  readonly renew: () => Promise<T | undefined>
  /** The cached document, regardless of its age. */
  readonly peek: () => T | undefined
  /** Caches a document from another source, as if it had just been fetched. */
  readonly put: (value: T) => void
  /** Calls back with each new document. Returns a function that stops this. */
  readonly onValue: (listener: (value: T) => void) => () => void
}

/** `load` can read the cached document. It rejects if the issuer's response isn't valid. */
export function cacheDocument<T>(
  load: (held: () => T | undefined, forced: boolean) => Promise<T>,
  { fresh, usable, minRefetchInterval }: CachePolicy,
  now: () => number,
): CachedDocument<T> {
  let held: { readonly value: T; readonly askedAt: number } | undefined
  const listeners = new Set<(value: T) => void>()
  let running: Promise<void> | undefined
  let backoffFrom = Number.NEGATIVE_INFINITY
  let failedAt = Number.NEGATIVE_INFINITY
  /** False if the clock was set back since: then the age is unknown. */
  const isWithin = (moment: number, milliseconds: number) => {
    const age = now() - moment
    return age >= 0 && age < milliseconds
  }
  const keep = (value: T, askedAt: number) => {
    held = { value, askedAt }
    failedAt = Number.NEGATIVE_INFINITY
    for (const listener of listeners) listener(value)
  }
  const loadOnce = async (forced: boolean) => {
    const askedAt = now()
    try {
      keep(await load(() => held?.value, forced), askedAt)
      if (forced) backoffFrom = now()
    } catch {
      failedAt = now()
      backoffFrom = failedAt
    }
  }
  const refresh = (forced: boolean) => {
    running ??= loadOnce(forced).finally(() => {
      running = undefined
    })
    return running
  }
  const isBackingOff = () => isWithin(backoffFrom, minRefetchInterval)
  return {
    async get() {
      if (held && isWithin(held.askedAt, fresh)) return held.value
      if (isBackingOff()) return held?.value
      const refreshing = refresh(false)
      // don't wait for an issuer that failed to respond a moment ago
      if (!held || !(isWithin(held.askedAt, usable) || isWithin(failedAt, usable))) await refreshing
      return held?.value
    },
    async renew() {
      if (running) await running
      else if (!isBackingOff()) await refresh(true)
      return held?.value
    },
    peek: () => held?.value,
    put: (value) => keep(value, now()),
    onValue(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
