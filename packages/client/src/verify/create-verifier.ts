import {
  type ClaimsOf,
  isSignedBy,
  judgeClaims,
  jwtKinds,
  type ParsedJws,
  type PublicKey,
  parseJws,
} from '@hallpass/contracts'
import type { Reach } from './fetch-document.js'
import type { HeldToken, HoldOptions } from './hold/held-token.js'
import { createHolder } from './hold/hold-tokens.js'
import { watchFeed } from './hold/watch-feed.js'
import type { HeldDocument } from './hold-document.js'
import { holdFeeds } from './hold-feeds.js'
import { holdKeySet, type KeySet } from './hold-key-set.js'
import type { HeldRevocations } from './hold-revocations.js'
import type { RefusalReason } from './refusal.js'
import { checkByFeed, checkByIntrospection, type RevocationCheck } from './revocation-check.js'
import { type RefusedVerdict, refused, type Verdict, type VerifiableKind } from './verdict.js'

/** How a verifier learns of revocations. */
export type RevocationOptions =
  | {
      /** The signed feed of the issuer: a revocation is seen within 30 seconds, and no token costs a request. */
      readonly by: 'feed'
      /** Seconds after which a feed that can't be renewed is too old: 300 by default, at least 30. */
      readonly maxStalenessSeconds?: number
      /** What is done with a token then: it is refused as `unavailable`, unless this says otherwise. */
      readonly whenStale?: 'refuse' | 'accept'
    }
  | {
      /** Asks the issuer about every token (RFC 7662): a revocation is seen at once. */
      readonly by: 'introspection'
      /** A secret key with the scope `tokens:introspect`. */
      readonly apiKey: string
    }
  | {
      /** Tokens are good until they expire: 15 minutes for a session, 4 hours for a bridge token. */
      readonly by: 'expiry'
    }

export interface VerifierOptions<K extends VerifiableKind> {
  /** Exactly the `iss` of its tokens, such as `https://pass.example.com`. */
  readonly issuer: string
  /** The kind of token that is taken, and no other. */
  readonly kind: K
  /** Whose tokens are taken: an issuer signs those of all its accounts with the same keys. */
  readonly account: string | readonly string[] | 'any'
  /** By default by the feed. */
  readonly revocation?: RevocationOptions
  /** Where the issuer is reached, when that is not its name. */
  readonly baseUrl?: string
  readonly fetch?: typeof globalThis.fetch
  /** Milliseconds since the epoch. */
  readonly now?: () => number
}

export interface Verifier<K extends VerifiableKind> {
  readonly kind: K
  /** Never rejects. */
  readonly verify: (token: string | undefined) => Promise<Verdict<K>>
  /**
   * Verifies the token of a connection that stays open, and watches it until it ends: when it expires, when the feed
   * names it, or when the feed could not be read for `maxStalenessSeconds`.
   * @example
   * const held = await verifier.hold(token, { onEnd: (reason) => socket.close(4401, reason) })
   * if (held.ok) socket.on('close', held.release)
   */
  readonly hold: (token: string | undefined, options?: HoldOptions) => Promise<HeldToken<K> | RefusedVerdict>
}

/**
 * Verifies tokens where they are used, without asking the issuer about each. Throws a RangeError if
 * `maxStalenessSeconds` is less than 30.
 * @example
 * const verifier = createVerifier({ issuer: 'https://pass.example.com', kind: 'widget-session', account: accountId })
 * const verdict = await verifier.verify(token)
 * if (verdict.ok) console.log(verdict.claims.sub)
 */
export function createVerifier<const K extends VerifiableKind>(options: VerifierOptions<K>): Verifier<K> {
  const parts = partsOf(options)
  const verify: Verifier<K>['verify'] = async (token) => {
    if (!token) return refused({ reason: 'missing' })
    const judged = await judge(parts, options, token)
    if (typeof judged === 'string') return refused({ reason: judged })
    const { claims, kid } = judged
    const refusal = await parts.check({ token, claims, kid })
    return refusal ? refused(refusal) : { ok: true, claims }
  }
  return { kind: options.kind, verify, hold: createHolder({ ...parts.holding, verify, now: parts.now }) }
}

interface Parts {
  readonly now: () => number
  readonly keySet: HeldDocument<KeySet>
  readonly check: RevocationCheck
  readonly holding: Pick<Parameters<typeof createHolder>[0], 'feedOf' | 'watch' | 'maxStalenessSeconds'>
}

const defaultMaxStalenessSeconds = 300
/** A feed in which nothing changes is signed every 10 seconds, and a cache can hold it for 10 more. */
const minStalenessSeconds = 30

function partsOf({
  issuer,
  baseUrl = issuer,
  revocation = { by: 'feed' },
  ...options
}: VerifierOptions<VerifiableKind>): Parts {
  const { now = Date.now } = options
  const fetch: typeof globalThis.fetch = options.fetch ?? ((...request) => globalThis.fetch(...request))
  const reach: Reach = { baseUrl: baseUrl.replace(/\/$/, ''), fetch }
  const keySet = holdKeySet(reach, now)
  const parts = { now, keySet }
  if (revocation.by === 'expiry') {
    const holding = { feedOf: () => undefined, watch: () => () => {}, maxStalenessSeconds: undefined }
    return { ...parts, check: async () => undefined, holding }
  }
  const staleness = stalenessOf(revocation)
  const feedOf = holdFeeds({ ...reach, issuer, keySet, now, maxStalenessSeconds: staleness.maxStalenessSeconds })
  const watch = (watched: HeldRevocations, isStreamed: boolean) => watchFeed({ reach, feed: watched, isStreamed })
  const maxStalenessSeconds = staleness.whenStale === 'refuse' ? staleness.maxStalenessSeconds : undefined
  const holding = { feedOf, watch, maxStalenessSeconds }
  if (revocation.by === 'feed') return { ...parts, check: checkByFeed(feedOf, staleness, now), holding }
  return { ...parts, check: checkByIntrospection(reach, revocation.apiKey), holding }
}

function stalenessOf(revocation: Exclude<RevocationOptions, { by: 'expiry' }>) {
  const given = revocation.by === 'feed' ? revocation : undefined
  const { maxStalenessSeconds = defaultMaxStalenessSeconds, whenStale = 'refuse' } = given ?? {}
  // written so that NaN, which is no number of seconds, is refused too
  if (maxStalenessSeconds >= minStalenessSeconds) return { maxStalenessSeconds, whenStale }
  throw new RangeError(
    `maxStalenessSeconds must be at least ${minStalenessSeconds}: a feed that nothing changed in can be that old.`,
  )
}

async function judge<K extends VerifiableKind>(
  parts: Parts,
  { issuer, kind, account }: VerifierOptions<K>,
  token: string,
): Promise<{ readonly claims: ClaimsOf<K>; readonly kid: string } | RefusalReason> {
  // a caller without types may hand over anything
  const parsed = typeof token === 'string' ? parseJws(token) : undefined
  if (!parsed) return 'malformed'
  if (parsed.typ !== jwtKinds[kind].typ) return 'wrong_kind'
  const key = await findKey(parts, parsed)
  if (typeof key === 'string') return key
  if (!(await isSignedBy(key, token, parsed))) return 'bad_signature'
  const judged = judgeClaims(kind, parsed.payload, { issuer, now: parts.now() / 1000 })
  if ('fault' in judged) return judged.fault
  const { claims } = judged
  return account === 'any' || [account].flat().includes(claims.account_id)
    ? { claims, kid: parsed.kid }
    : 'wrong_account'
}

/** A key that the issuer publishes; asked for again when it is not known. */
async function findKey({ keySet }: Parts, { kid }: ParsedJws): Promise<PublicKey | RefusalReason> {
  const known = (await keySet.get())?.get(kid)
  if (known) return known
  const keys = await keySet.renew()
  if (!keys) return 'unavailable'
  return keys.get(kid) ?? 'unknown_key'
}
