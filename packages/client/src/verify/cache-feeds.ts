import type { CachedDocument } from './cache-document.js'
import type { KeySet } from './cache-key-set.js'
import { type CachedRevocations, cacheRevocations, loadSharedFeed, type Revocations } from './cache-revocations.js'
import type { Endpoint } from './fetch-document.js'

interface Deps extends Endpoint {
  readonly issuer: string
  readonly keySet: CachedDocument<KeySet>
  readonly now: () => number
  readonly maxStalenessSeconds: number
}

/** The limits of the cache of recently used feeds: the number of feeds, and of the names in all of them. */
const most = { feeds: 10_000, names: 1_000_000 } as const
/** The limits of concurrent and of waiting requests. */
const requests = { running: 16, waiting: 1_000 } as const

/**
 * Returns the feed of an account, which is fetched on first use. Call it only for tokens with a verified signature, so that
 * forged tokens can't cause requests.
 */
export function cacheFeeds(deps: Deps): (accountId: string) => CachedRevocations {
  const held = new Map<string, { readonly feed: CachedRevocations; names: number }>()
  const run = inTurn(requests)
  const limited: Deps = { ...deps, fetch: (...request) => run(() => deps.fetch(...request)) }
  const loadShared = loadSharedFeed(limited)
  let names = 0
  const remove = (accountId: string) => {
    names -= held.get(accountId)?.names ?? 0
    held.delete(accountId)
  }
  const trim = () => {
    for (const accountId of held.keys()) {
      if (held.size <= 1 || (held.size <= most.feeds && names <= most.names)) break
      remove(accountId)
    }
  }
  const open = (accountId: string) => {
    const document = cacheRevocations({ ...limited, loadShared }, accountId)
    const counted = (get: () => Promise<Revocations | undefined>) => async () => {
      const revocations = await get()
      const entry = held.get(accountId)
      if (revocations && entry && entry.names !== revocations.size) {
        names += revocations.size - entry.names
        entry.names = revocations.size
        trim()
      }
      return revocations
    }
    return { feed: { ...document, get: counted(document.get), renew: counted(document.renew) }, names: 0 }
  }
  return (accountId) => {
    const entry = held.get(accountId) ?? open(accountId)
    held.delete(accountId)
    held.set(accountId, entry)
    trim()
    return entry.feed
  }
}

/** Limits concurrency. Further calls wait, up to a limit. */
function inTurn({ running: most, waiting: mostWaiting }: typeof requests): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (run) => {
    if (running >= most) {
      if (waiting.length >= mostWaiting) throw new Error('Too many requests for revocation feeds are waiting.')
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running++
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else running--
    }
  }
}
