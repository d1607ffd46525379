import type { Clock } from '../clock.js'
import { feedLifetimes } from '../store/feed-lifetimes.js'
import type { Store } from '../store/store.js'
import { sizeOf } from './account-revocations.js'
import { createFeedCache } from './feed-cache.js'
import { limitConcurrency } from './limit-concurrency.js'
import { beginReading, continueReading, type Reading } from './read-revocations.js'
import { type ServerFacts, signFeed } from './sign-feed.js'

interface Deps {
  readonly clock: Clock
  readonly issuer: () => string
  readonly keyRing: { readonly reload: () => Promise<void>; readonly list: () => readonly { readonly kid: string }[] }
  readonly sign: (typ: string, json: Iterable<string>) => Promise<Buffer>
  readonly store: Pick<Store, 'listRevocations' | 'findRestoreSince'>
  /** Writes the cutoff that replaced names in an account's feed. Rejects if it isn't written. */
  readonly writeCutoff: (accountId: string, notBefore: number) => Promise<void>
}

/** A feed as it was last signed. The same object as long as the text is the same. */
export interface SignedFeed {
  readonly jws: Buffer
}

/**
 * Returns the feed of an account, or of all accounts. While the database is up, it is at most a second old, or as old
 * as the given milliseconds. If the database is down, it is the last one.
 */
export type ReadRevocations = (accountId?: string, maxAgeMilliseconds?: number) => Promise<SignedFeed>

/** How long a reading is used. The database is read at most this often, however many requests for a feed there are. */
const believedMilliseconds = 1_000
/** An unchanged feed is signed again after this time, to show that it is still current. */
const renewedMilliseconds = 10_000
/**
 * The number of concurrent readings. A flood of made-up accounts waits in its own queue, and real feeds are still read.
 */
const concurrency = { known: 2, unknown: 2, waiting: 500 } as const

/** A feed that was requested. */
interface Feed {
  readonly reading: Reading
  signed: Signed | undefined
  running: Promise<Signed> | undefined
}

interface Signed {
  readonly feed: SignedFeed
  /** When its contents were read, and when it was signed. */
  readonly readAt: number
  readonly signedAt: number
  readonly keys: string
  readonly content: string
}

export function createRevocationFeed(deps: Deps): ReadRevocations {
  const { clock, keyRing } = deps
  const all = newFeed()
  const feeds = createFeedCache<Feed>(({ reading }) => sizeOfReading(reading))
  const known = limitConcurrency(concurrency.known, concurrency.waiting)
  const unknown = limitConcurrency(concurrency.unknown, concurrency.waiting)
  const readFacts = shareFacts(deps)
  const refresh = async (feed: Feed) => {
    const now = clock.now()
    const facts = await readFacts(now)
    await continueReading(deps, feed.reading, now)
    await writeOwnCutoff(deps, feed.reading)
    feed.signed = await renew(deps, feed, facts, now)
    return feed.signed
  }
  return async (accountId, maxAge = believedMilliseconds) => {
    const feed = accountId === undefined ? all : (feeds.get(accountId) ?? newFeed(accountId))
    const { signed } = feed
    if (signed && isWithin(maxAge, signed.readAt, clock.now()) && signed.keys === keysOf(keyRing).join())
      return signed.feed
    const limit = signed ? known : unknown
    const keep = () => {
      if (accountId !== undefined) feeds.set(accountId, feed)
    }
    feed.running ??= limit(() => refresh(feed)).finally(() => {
      feed.running = undefined
      // its size is only known now
      keep()
    })
    keep()
    try {
      return (await feed.running).feed
    } catch (error) {
      // its own time of signing shows how old it is
      if (signed) return signed.feed
      throw error
    }
  }
}

/** Offline verifiers apply the cutoff even if it can't be written, and the next reading tries again. */
async function writeOwnCutoff({ writeCutoff }: Deps, { accountId, accounts }: Reading): Promise<void> {
  const account = accountId === undefined ? undefined : accounts.get(accountId)
  if (!account || account.unwrittenCutoff === undefined) return
  const isWritten = await writeCutoff(account.accountId, account.unwrittenCutoff).then(
    () => true,
    () => false,
  )
  if (isWritten) account.unwrittenCutoff = undefined
}

const newFeed = (accountId?: string): Feed => ({
  reading: beginReading(accountId),
  signed: undefined,
  running: undefined,
})

const sizeOfReading = ({ accounts }: Reading) =>
  [...accounts.values()].reduce((bytes, account) => bytes + sizeOf(account), 0)

/** The server's facts in every feed are read once for all feeds. Keys are in memory, so a change is seen at once. */
function shareFacts({ keyRing, store }: Deps): (now: number) => Promise<ServerFacts> {
  let last: { readonly restoredAt: number | undefined; readonly at: number } | undefined
  let running: Promise<void> | undefined
  const read = async (now: number) => {
    // another process may have removed a key
    await keyRing.reload()
    last = { restoredAt: await store.findRestoreSince(now - feedLifetimes.declared), at: now }
  }
  return async (now) => {
    if (!last || !isWithin(believedMilliseconds, last.at, now)) {
      running ??= read(now).finally(() => {
        running = undefined
      })
      await running
    }
    return { keys: keysOf(keyRing), restoredAt: last?.restoredAt }
  }
}

/** The same feed if nothing changed and its signature is new enough. Otherwise it is signed again. */
async function renew(deps: Deps, { reading, signed }: Feed, facts: ServerFacts, now: number): Promise<Signed> {
  const accounts = [...reading.accounts.values()]
  const keys = facts.keys.join()
  const content = JSON.stringify([
    facts,
    deps.issuer(),
    accounts.map(({ accountId, revision }) => [accountId, revision]),
  ])
  if (signed?.content === content && isWithin(renewedMilliseconds, signed.signedAt, now))
    return { ...signed, readAt: now }
  const jws = await signFeed(deps, { accountId: reading.accountId, accounts, ...facts }, now)
  return { feed: { jws }, readAt: now, signedAt: now, keys, content }
}

/** If the clock went back, elapsed time can't be computed from it. */
const isWithin = (milliseconds: number, past: number, now: number) => past <= now && now - past < milliseconds

const keysOf = (keyRing: Deps['keyRing']) => keyRing.list().map(({ kid }) => kid)
