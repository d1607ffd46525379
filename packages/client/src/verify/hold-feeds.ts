import type { Reach } from './fetch-document.js'
import type { HeldDocument } from './hold-document.js'
import type { KeySet } from './hold-key-set.js'
import { type HeldRevocations, holdRevocations, loadSharedFeed, type Revocations } from './hold-revocations.js'

interface Deps extends Reach {
  readonly issuer: string
  readonly keySet: HeldDocument<KeySet>
  readonly now: () => number
  readonly maxStalenessSeconds: number
}

/** The most recently used feeds are held: so many, and as long as they name no more than this together. */
const most = { feeds: 10_000, names: 1_000_000 } as const
/** Requests at one time, and accounts that wait for theirs. */
const requests = { running: 16, waiting: 1_000 } as const

/**
 * Gives the feed of an account, which is asked for when it is first needed. To be called only for tokens whose signature
 * was verified, so that nobody else can make it ask.
 */
export function holdFeeds(deps: Deps): (accountId: string) => HeldRevocations {
  const held = new Map<string, { readonly feed: HeldRevocations; names: number }>()
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
    const document = holdRevocations({ ...limited, loadShared }, accountId)
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

/** Runs so many at one time; the others wait for their turn, up to a limit. */
function inTurn({ running: most, waiting: mostWaiting }: typeof requests): <T>(run: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let running = 0
  return async (run) => {
    if (running >= most) {
      if (waiting.length >= mostWaiting) throw new Error('too many revocation feeds are being asked for')
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
