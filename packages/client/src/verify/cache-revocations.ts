import {
  accountRevocationsPath,
  isSignedBy,
  leewaySeconds,
  parseJws,
  RevocationFeed,
  revocationNameLength,
  revocationStreamPath,
  revocationsPath,
  revocationsTyp,
} from '@hallpass/contracts'
import { type CachedDocument, cacheDocument, type Runtime } from './cache-document.js'
import type { KeySet } from './cache-key-set.js'
import { type Endpoint, fetchDocument, UnexpectedStatus } from './fetch-document.js'

/** The revocation feed, indexed for lookups. */
export interface Revocations {
  /** Seconds since the epoch. */
  readonly iat: number
  /** The number of names in the feed. */
  readonly size: number
  readonly keys: ReadonlySet<string>
  /** Milliseconds since the epoch. */
  readonly cutoff: number | undefined
  readonly revoked: { readonly [What in keyof RevocationFeed['revoked']]: ReadonlySet<string> }
  readonly cutoffs: { readonly [What in keyof RevocationFeed['cut_offs']]: ReadonlyMap<string, number> }
}

interface Deps extends Endpoint, Runtime {
  readonly issuer: string
  readonly keySet: CachedDocument<KeySet>
  /** The age up to which a feed is accepted. */
  readonly maxStalenessSeconds: number
  /** Loads the feed of all accounts, for older issuers without a feed for each account. */
  readonly loadShared: LoadFeed
}

/** Fetches a feed. With `forced`, HTTP caches must revalidate it. */
type LoadFeed = (forced: boolean) => Promise<Revocations>

/**
 * With the one second for which the server caches what it read, and the ten for which an HTTP cache can keep the feed,
 * every verifier sees a revocation within 30 seconds.
 */
const policy = { fresh: 6_000, usable: 12_000, minRefetchInterval: 2_000 }
/** How long a feed is used after its request started: the 12 seconds above, and the duration of the request. */
const usedSeconds = 15
/** Enough for more than a hundred thousand names. A longer document isn't Hallpass's. */
const longestFeed = 8_000_000

/** The cached revocation feed, which can be updated from its stream. */
export interface CachedRevocations extends CachedDocument<Revocations> {
  /** The path of the stream. */
  readonly path: string
  /** The maximum length of a document in characters. */
  readonly longest: number
  /** Accepts a document from the stream. Rejects if it isn't the issuer's. */
  readonly take: (jws: string) => Promise<void>
}

/** Caches the revocation feed of an account. Ignores feeds that were signed before the cached one. */
export function cacheRevocations(deps: Deps, accountId: string): CachedRevocations {
  const path = accountRevocationsPath(accountId)
  const loadOwn = loadFeed(deps, path)
  const isOlder = (feed: Revocations, held: Revocations | undefined) => held !== undefined && feed.iat < held.iat
  let streamed: Revocations | undefined
  const loadOwnOrShared = (forced: boolean) =>
    loadOwn(forced).catch((error: unknown) => {
      if (error instanceof UnexpectedStatus && error.status === 404) return deps.loadShared(forced)
      throw error
    })
  const isStaleSoon = ({ iat }: Revocations) => deps.now() / 1000 - iat > deps.maxStalenessSeconds - usedSeconds
  const load = async (held: () => Revocations | undefined, forced: boolean) => {
    const first = await loadOwnOrShared(forced)
    // the copy of an HTTP cache would become too old before the next request
    const feed = !forced && isStaleSoon(first) ? await loadOwnOrShared(true).catch(() => first) : first
    const current = held()
    if (isOlder(feed, current)) throw new Error('The revocation feed is older than the cached one.')
    // an HTTP cache may have the older of two feeds that were signed in the same second
    return current && current === streamed && current.iat === feed.iat ? current : feed
  }
  const document = cacheDocument(load, policy, deps)
  return {
    ...document,
    path: revocationStreamPath(accountId),
    longest: longestFeed,
    async take(jws) {
      const feed = await readRevocations(deps, path, jws)
      // the clock of another replica may be slightly behind
      if (isOlder(feed, document.peek())) return
      streamed = feed
      document.put(feed)
    },
  }
}

/** The feed of all accounts. Concurrent loads for different accounts share one request. */
export function loadSharedFeed(deps: Omit<Deps, 'loadShared'>): LoadFeed {
  const load = loadFeed(deps, revocationsPath)
  let last: { readonly feed: Promise<Revocations>; readonly at: number; readonly forced: boolean } | undefined
  return (forced) => {
    const at = deps.now()
    if (last && (last.forced || !forced) && at >= last.at && at - last.at < sharedMilliseconds) return last.feed
    last = { feed: load(forced), at, forced }
    return last.feed
  }
}

const sharedMilliseconds = 1_000

function loadFeed(deps: Omit<Deps, 'loadShared'>, path: string): LoadFeed {
  return async (forced) => {
    const response = await fetchDocument(deps, { path, forced, mostBytes: longestFeed })
    return readRevocations(deps, path, await response.text())
  }
}

async function readRevocations(deps: Omit<Deps, 'loadShared'>, path: string, jws: string): Promise<Revocations> {
  const feed = await readFeed(deps, path, jws)
  if (!feed) throw new Error("The revocation feed is not the issuer's.")
  return index(feed)
}

async function readFeed(
  { issuer, keySet, now }: Pick<Deps, 'issuer' | 'keySet' | 'now'>,
  path: string,
  jws: string,
): Promise<RevocationFeed | undefined> {
  const parsed = parseJws(jws, longestFeed)
  if (parsed?.typ !== revocationsTyp) return undefined
  const key = (await keySet.get())?.get(parsed.kid) ?? (await keySet.renew())?.get(parsed.kid)
  if (!key || !(await isSignedBy(key, jws, parsed))) return undefined
  const feed = RevocationFeed.safeParse(parsed.payload).data
  const seconds = now() / 1000
  if (feed?.iss !== issuer || feed.sub !== issuer + path) return undefined
  return feed.iat <= seconds + leewaySeconds && seconds < feed.exp + leewaySeconds ? feed : undefined
}

function index({ iat, keys, revoked, cut_off, cut_offs }: RevocationFeed): Revocations {
  const map = (times: Record<string, number>) => new Map(Object.entries(times))
  const names = Object.values(revoked).reduce((letters, { length }) => letters + length, 0) / revocationNameLength
  return {
    iat,
    size: names + Object.values(cut_offs).reduce((total, times) => total + Object.keys(times).length, 0),
    keys: new Set(keys),
    cutoff: cut_off,
    revoked: {
      token: namesIn(revoked.token),
      session: namesIn(revoked.session),
      client_key: namesIn(revoked.client_key),
    },
    cutoffs: {
      account: map(cut_offs.account),
      client_key: map(cut_offs.client_key),
      visitor: map(cut_offs.visitor),
      user: map(cut_offs.user),
      customer: map(cut_offs.customer),
      api_key: map(cut_offs.api_key),
      kind: map(cut_offs.kind),
      subject: map(cut_offs.subject),
      resource: map(cut_offs.resource),
    },
  }
}

function namesIn(text: string): Set<string> {
  const names = new Set<string>()
  for (let at = 0; at < text.length; at += revocationNameLength) names.add(text.slice(at, at + revocationNameLength))
  return names
}
