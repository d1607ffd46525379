import {
  leewaySeconds,
  parseJws,
  RevocationFeed,
  revocationNameLength,
  revocationsPath,
  revocationsTyp,
} from '@hallpass/contracts'
import { fetchDocument, type Reach } from './fetch-document.js'
import { type HeldDocument, holdDocument } from './hold-document.js'
import type { KeySet } from './hold-key-set.js'
import { isSignedBy } from './is-signed-by.js'

/** The revocation feed, ready to be looked into. */
export interface Revocations {
  /** Seconds since the epoch. */
  readonly iat: number
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
}

/**
 * With the second for which the server believes what it read and the ten for which a cache may hold the feed: whoever
 * verifies sees a revocation within 30 seconds.
 */
const patience = { fresh: 6_000, usable: 12_000, coolDown: 2_000 }
/** More than a hundred thousand names; a longer answer is somebody else's. */
const longestFeed = 8_000_000

/** Holds the issuer's revocation feed. A feed that was signed before the one that is held is not taken. */
export function holdRevocations(needs: Needs): HeldDocument<Revocations> {
  const load = async (held: Revocations | undefined, forced: boolean) => {
    const response = await fetchDocument(needs, revocationsPath, forced)
    const feed = await readFeed(needs, await response.text())
    if (!feed) throw new Error('the revocation feed is not one of the issuer')
    if (held && feed.iat < held.iat) throw new Error('the revocation feed is older than the one that is held')
    return index(feed)
  }
  return holdDocument(load, patience, needs.now)
}

async function readFeed({ issuer, keySet, now }: Needs, jws: string): Promise<RevocationFeed | undefined> {
  const parsed = parseJws(jws, longestFeed)
  if (parsed?.typ !== revocationsTyp) return undefined
  const key = (await keySet.get())?.get(parsed.kid) ?? (await keySet.renew())?.get(parsed.kid)
  if (!key || !(await isSignedBy(key, jws, parsed))) return undefined
  const feed = RevocationFeed.safeParse(parsed.payload).data
  const seconds = now() / 1000
  if (feed?.iss !== issuer || feed.sub !== issuer + revocationsPath) return undefined
  return feed.iat <= seconds + leewaySeconds && seconds < feed.exp + leewaySeconds ? feed : undefined
}

function index({ iat, keys, revoked, cut_off, cut_offs }: RevocationFeed): Revocations {
  const map = (times: Record<string, number>) => new Map(Object.entries(times))
  return {
    iat,
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
    },
  }
}

function namesIn(text: string): Set<string> {
  const names = new Set<string>()
  for (let at = 0; at < text.length; at += revocationNameLength) names.add(text.slice(at, at + revocationNameLength))
  return names
}
