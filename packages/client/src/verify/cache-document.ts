import { settlesWithin } from './settles-within.js'

/** When a cached document is refetched. Times in milliseconds. */
export interface CachePolicy {
  /** Up to this age, the document is returned without a request. */
  readonly fresh: number
  /** Up to this age, it is returned while a refresh runs. Older: callers wait for the refresh, unless one failed within this time. */
  readonly usable: number
  /** The minimum time between a failed or forced request and the next one. */
  readonly minRefetchInterval: number
}

/** What a cache needs of its runtime. */
export interface Runtime {
  readonly now: () => number
  /** Keeps the runtime alive until a request in the background has finished. */
  readonly waitUntil?: ((work: Promise<unknown>) => void) | undefined
}

/**
 * How long a caller waits for the request of another one, in milliseconds. Some runtimes drop a request once the call that
 * made it has been answered, and then it never ends.
 */
const sharedWait = 2_000
/** How long a request may take, in milliseconds. Longer than the timeout of `fetchDocument`. */
const longestLoad = 6_000

/** A document of the issuer. Callers share a request, unless it takes so long that it may have been dropped. */
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

interface Load {
  readonly done: Promise<void>
  readonly startedAt: number
}

/** `load` can read the cached document. It rejects if the issuer's response isn't valid. */
export function cacheDocument<T>(
  load: (held: () => T | undefined, forced: boolean) => Promise<T>,
  { fresh, usable, minRefetchInterval }: CachePolicy,
  { now, waitUntil }: Runtime,
): CachedDocument<T> {
  let held: { readonly value: T; readonly askedAt: number } | undefined
  const listeners = new Set<(value: T) => void>()
  let running: Load | undefined
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
  const fail = () => {
    failedAt = now()
    backoffFrom = failedAt
  }
  const loadOnce = async (forced: boolean, askedAt: number) => {
    try {
      const value = await load(() => held?.value, forced)
      // another caller may have started a later request, because this one took long
      if (held && held.askedAt > askedAt && held.askedAt <= now()) return
      keep(value, askedAt)
      if (forced) backoffFrom = now()
    } catch {
      fail()
    }
  }
  const start = (forced: boolean): Promise<void> => {
    const startedAt = now()
    const loading = settlesWithin(loadOnce(forced, startedAt), longestLoad)
    const done = loading.then((settled) => {
      if (!settled) fail()
      if (running === current) running = undefined
    })
    const current: Load = { done, startedAt }
    running = current
    return done
  }
  /** Waits for the current request. Makes another one if it may have been dropped. */
  const join = async (forced: boolean): Promise<void> => {
    while (running && isWithin(running.startedAt, longestLoad)) {
      const joined = running
      if (await settlesWithin(joined.done, sharedWait)) return
      if (running === joined) running = undefined
    }
    await start(forced)
  }
  const startInBackground = () => {
    if (running && isWithin(running.startedAt, longestLoad)) return
    const done = start(false)
    waitUntil?.(done)
  }
  const isBackingOff = () => isWithin(backoffFrom, minRefetchInterval)
  return {
    async get() {
      if (held && isWithin(held.askedAt, fresh)) return held.value
      if (isBackingOff()) return held?.value
      // don't wait for an issuer that failed to respond a moment ago
      if (held && (isWithin(held.askedAt, usable) || isWithin(failedAt, usable))) startInBackground()
      else await join(false)
      return held?.value
    },
    async renew() {
      if (running || !isBackingOff()) await join(true)
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
