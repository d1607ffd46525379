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
import { fetchDocument, type Reach, UnexpectedStatus } from './fetch-document.js'
import { type HeldDocument, holdDocument } from './hold-document.js'
import type { KeySet } from './hold-key-set.js'

/** The revocation feed, ready to be looked into. */
export interface Revocations {
  /** Seconds since the epoch. */
  readonly iat: number
  /** How much it names. */
  readonly size: number
  readonly keys: ReadonlySet<string>
  /** Milliseconds since the epoch. */
  readonly cutOff: number | undefined
  readonly revoked: { readonly [What in keyof RevocationFeed['revoked']]: ReadonlySet<string> }
  readonly cutOffs: { readonly [What in keyof RevocationFeed['cut_offs']]: ReadonlyMap<string, number> }
}

interface Needs extends Reach {
  readonly issuer: string
  readonly keySet: HeldDocument<KeySet>
  readonly now: () => number
  /** How old a feed can be and still be believed. */
  readonly maxStalenessSeconds: number
  /** For an issuer that has no feed for each account yet. */
  readonly loadShared: LoadFeed
}

/** Gets a feed; `forced` tells caches on the way to ask again. */
type LoadFeed = (forced: boolean) => Promise<Revocations>

/**
 * With the second for which the server believes what it read and the ten for which a cache may hold the feed: whoever
 * verifies sees a revocation within 30 seconds.
 */
const patience = { fresh: 6_000, usable: 12_000, coolDown: 2_000 }
/** A feed is used for this long after it was asked for: the 12 seconds above, and the time of the request. */
const usedSeconds = 15
/** More than a hundred thousand names; a longer answer is somebody else's. */
const longestFeed = 8_000_000

/** The revocation feed as it is held, and what its stream brings. */
export interface HeldRevocations extends HeldDocument<Revocations> {
  /** Where the stream is. */
  readonly path: string
  /** The longest document, in characters. */
  readonly longest: number
  /** Takes a document from the stream. Rejects for one that isn't the issuer's. */
  readonly take: (jws: string) => Promise<void>
}

/** Holds the revocation feed of an account. A feed that was signed before the one that is held is not taken. */
export function holdRevocations(needs: Needs, accountId: string): HeldRevocations {
  const path = accountRevocationsPath(accountId)
  const loadOwn = loadFeed(needs, path)
  const isOlder = (feed: Revocations, held: Revocations | undefined) => held !== undefined && feed.iat < held.iat
  let streamed: Revocations | undefined
  const loadOwnOrShared = (forced: boolean) =>
    loadOwn(forced).catch((error: unknown) => {
      if (error instanceof UnexpectedStatus && error.status === 404) return needs.loadShared(forced)
      throw error
    })
  const isStaleSoon = ({ iat }: Revocations) => needs.now() / 1000 - iat > needs.maxStalenessSeconds - usedSeconds
  const load = async (held: () => Revocations | undefined, forced: boolean) => {
    const first = await loadOwnOrShared(forced)
    // one that a cache had would be too old before it is asked for again
    const feed = !forced && isStaleSoon(first) ? await loadOwnOrShared(true).catch(() => first) : first
    const current = held()
    if (isOlder(feed, current)) throw new Error('the revocation feed is older than the one that is held')
    // of two that were signed in one second, a cache may have the first
    return current && current === streamed && current.iat === feed.iat ? current : feed
  }
  const document = holdDocument(load, patience, needs.now)
  return {
    ...document,
    path: revocationStreamPath(accountId),
    longest: longestFeed,
    async take(jws) {
      const feed = await readRevocations(needs, path, jws)
      // another server's clock may be a little behind
      if (isOlder(feed, document.peek())) return
      streamed = feed
      document.put(feed)
    },
  }
}

/** The feed of all accounts. Verifiers of many accounts that ask for it at the same time share one request. */
export function loadSharedFeed(needs: Omit<Needs, 'loadShared'>): LoadFeed {
  const load = loadFeed(needs, revocationsPath)
  let last: { readonly feed: Promise<Revocations>; readonly at: number; readonly forced: boolean } | undefined
  return (forced) => {
    const at = needs.now()
    if (last && (last.forced || !forced) && at >= last.at && at - last.at < sharedMilliseconds) return last.feed
    last = { feed: load(forced), at, forced }
    return last.feed
  }
}

const sharedMilliseconds = 1_000

function loadFeed(needs: Omit<Needs, 'loadShared'>, path: string): LoadFeed {
  return async (forced) => {
    const response = await fetchDocument(needs, { path, forced, mostBytes: longestFeed })
    return readRevocations(needs, path, await response.text())
  }
}

async function readRevocations(needs: Omit<Needs, 'loadShared'>, path: string, jws: string): Promise<Revocations> {
  const feed = await readFeed(needs, path, jws)
  if (!feed) throw new Error('the revocation feed is not one of the issuer')
  return index(feed)
}

async function readFeed(
  { issuer, keySet, now }: Pick<Needs, 'issuer' | 'keySet' | 'now'>,
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
    cutOff: cut_off,
    revoked: {
      token: namesIn(revoked.token),
      session: namesIn(revoked.session),
      client_key: namesIn(revoked.client_key),
    },
    cutOffs: {
      account: map(cut_offs.account),
      client_key: map(cut_offs.client_key),
      visitor: map(cut_offs.visitor),
      user: map(cut_offs.user),
      customer: map(cut_offs.customer),
      api_key: map(cut_offs.api_key),
    },
  }
}

function namesIn(text: string): Set<string> {
  const names = new Set<string>()
  for (let at = 0; at < text.length; at += revocationNameLength) names.add(text.slice(at, at + revocationNameLength))
  return names
}
