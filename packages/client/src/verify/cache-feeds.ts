import type { CachedDocument, Runtime } from './cache-document.js'
import type { KeySet } from './cache-key-set.js'
import { type CachedRevocations, cacheRevocations, loadSharedFeed, type Revocations } from './cache-revocations.js'
import type { Endpoint } from './fetch-document.js'
import { settlesWithin } from './settles-within.js'

interface Deps extends Endpoint, Runtime {
  readonly issuer: string
  readonly keySet: CachedDocument<KeySet>
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
  const run = inTurn(requests, deps.now)
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

/** How long a request counts, in milliseconds. An older one was dropped by the runtime. */
const longestRequest = 6_000
/** How often a waiting call looks for such a request. */
const waitMilliseconds = 1_000

/** Limits concurrency. Further calls wait, up to a limit. */
function inTurn(
  { running: most, waiting: mostWaiting }: typeof requests,
  now: () => number,
): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting = new Set<() => void>()
  const running = new Set<{ readonly since: number }>()
  const isFull = () => {
    for (const one of running) if (now() - one.since > longestRequest) running.delete(one)
    return running.size >= most
  }
  const waitForTurn = async () => {
    let wake = () => {}
    const woken = new Promise<void>((resolve) => {
      wake = resolve
    })
    waiting.add(wake)
    await settlesWithin(woken, waitMilliseconds)
    waiting.delete(wake)
  }
  return async (run) => {
    if (isFull() && waiting.size >= mostWaiting) throw new Error('Too many requests for revocation feeds are waiting.')
    while (isFull()) await waitForTurn()
    const one = { since: now() }
    running.add(one)
    try {
      return await run()
    } finally {
      running.delete(one)
      const [next] = waiting
      if (next) waiting.delete(next)
      next?.()
    }
  }
}
