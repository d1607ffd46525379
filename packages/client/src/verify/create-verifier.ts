import { isSignedBy, type ParsedJws, type PublicKey, parseJws, type TokenAlg } from '@hallpass/contracts'
import type { ActionOf } from '../declared-kinds.js'
import type { CachedDocument } from './cache-document.js'
import { cacheFeeds } from './cache-feeds.js'
import { cacheKeySet, type KeySet } from './cache-key-set.js'
import type { CachedRevocations } from './cache-revocations.js'
import { type AnyClaims, type ExpectedKind, expectedKind } from './expected-kind.js'
import type { Endpoint } from './fetch-document.js'
import type { HeldToken, HoldOptions } from './hold/held-token.js'
import { createHolder } from './hold/hold-tokens.js'
import { watchFeed } from './hold/watch-feed.js'
import { checkBinding, type PresentedIn } from './proof/check-binding.js'
import { createProofMemory, type RememberProof } from './proof/remember-proofs.js'
import type { RefusalReason } from './refusal.js'
import { checkByFeed, checkByIntrospection, type RevocationCheck } from './revocation-check.js'
import { type RefusedVerdict, refused, type Verdict, type VerifiableKind, type VerifiedClaims } from './verdict.js'

/** How a verifier checks for revocations. */
export type RevocationOptions =
  | {
      /** Reads the issuer's signed feed. Revocations take effect within 30 seconds, without a request for each token. */
      readonly by: 'feed'
      /** If the feed can't be refreshed, tokens are refused after this many seconds. Default: 300, minimum: 30. */
      readonly maxStalenessSeconds?: number
      /** What happens to tokens then. By default, they are refused with reason `unavailable`. */
      readonly whenStale?: 'refuse' | 'accept'
    }
  | {
      /** Introspects every token (RFC 7662). Revocations take effect at once. */
      readonly by: 'introspection'
      /** A secret key with the scope `tokens:introspect`. */
      readonly apiKey: string
    }
  | {
      /** Doesn't check. Tokens are valid until they expire: 15 minutes for a session, 4 hours for a bridge token. */
      readonly by: 'expiry'
    }

interface CommonOptions<K extends string> {
  /** The exact `iss` of the tokens, such as `https://pass.example.com`. */
  readonly issuer: string
  /** The only kind of token to accept. */
  readonly kind: K
  /**
   * The account or accounts whose tokens to accept. An issuer signs the tokens of all its accounts with the same keys, so
   * use `'any'` only if you run Hallpass for one account, or check `account_id` yourself.
   */
  readonly account: string | readonly string[] | 'any'
  /** Default: `{ by: 'feed' }`. */
  readonly revocation?: RevocationOptions
  /**
   * The only signature algorithms to accept, such as `['ES256']`. Without it, a token has the algorithm of the key that it
   * names, whatever that is.
   */
  readonly algorithms?: readonly TokenAlg[]
  /** The URL of the issuer, if it differs from `issuer`. */
  readonly baseUrl?: string
  readonly fetch?: typeof globalThis.fetch
  /** Milliseconds since the epoch. */
  readonly now?: () => number
  /**
   * Remembers the proofs of tokens that are bound to a key, and returns false for one that it knows. By default, each process
   * remembers its own, so a proof works once in each. To share them, use one conditional write, such as `SET … NX` in Redis.
   * `expiresAt` is in seconds since the epoch.
   */
  readonly rememberProof?: RememberProof
  /**
   * Keeps a request that runs in the background alive, in runtimes that drop it once the response is sent, such as
   * Cloudflare Workers (`import { waitUntil } from 'cloudflare:workers'`). Without it, a later caller waits for the request.
   */
  readonly waitUntil?: (work: Promise<unknown>) => void
}

/** The options of a verifier for a built-in kind. */
export interface VerifierOptions<K extends VerifiableKind> extends CommonOptions<K> {
  /**
   * The audience of session tokens, if the client key has its own (`session_token.audience`). Tokens for another audience are
   * refused, also those of a client key without one. The type may then be `at+jwt` or `JWT` as well.
   */
  readonly audience?: string
}

/** The options of a verifier for a kind that you declared. */
export interface DeclaredVerifierOptions<K extends string> extends CommonOptions<K> {
  /** The declaration of the kind, as in the file that `hallpass kinds check` accepts. */
  readonly schema: unknown
  /** Also accepts tokens that have a number of uses, because you redeem them too. */
  readonly allowUnspent?: boolean
}

/** What a request needs a token of a declared kind to permit. */
export interface RequiredOfToken<K extends string> {
  readonly action?: ActionOf<K> | undefined
  /** Tokens for another resource are refused, and so are those without one. */
  readonly resource?: string | undefined
}

export interface Verifier<K extends string> {
  readonly kind: K
  /**
   * Never rejects. A token that is bound to a key is refused without the request that presents it. For a declared kind, name
   * the action and the resource that the request needs.
   */
  readonly verify: (
    token: string | undefined,
    request?: K extends VerifiableKind ? PresentedIn : RequiredOfToken<K>,
  ) => Promise<Verdict<K>>
  /**
   * Verifies the token of a long-lived connection and watches it until it ends: it expires, it is revoked, or the feed
   * hasn't been readable for `maxStalenessSeconds`.
   * @example
   * const held = await verifier.hold(token, { onEnd: (reason) => socket.close(4401, reason) })
   * if (held.ok) socket.on('close', held.release)
   */
  readonly hold: (token: string | undefined, options?: HoldOptions) => Promise<HeldToken<K> | RefusedVerdict>
}

/**
 * Creates a verifier, which verifies tokens locally instead of asking the issuer about each one. Throws a RangeError if
 * `maxStalenessSeconds` is less than 30, and a TypeError if `schema` is not the declaration of a JWT kind of this name.
 * @example
 * const verifier = createVerifier({ issuer: 'https://pass.example.com', kind: 'widget-session', account: accountId })
 * const verdict = await verifier.verify(token)
 * if (verdict.ok) console.log(verdict.claims.sub)
 */
export function createVerifier<const K extends VerifiableKind>(options: VerifierOptions<K>): Verifier<K>
export function createVerifier<const K extends string>(options: DeclaredVerifierOptions<K>): Verifier<K>
export function createVerifier<K extends string>(options: CommonOptions<K>): Verifier<K> {
  const parts = partsOf(options)
  const verify = async (token: string | undefined, request?: Request): Promise<Verdict<K>> => {
    if (!token) return refused({ reason: 'missing' })
    const judged = await judge(parts, options, token)
    if (typeof judged === 'string') return refused({ reason: judged })
    const { claims, kid } = judged
    const reason = notPermitted(claims, request) ?? (await checkBinding(parts, { token, claims }, request))
    if (reason) return refused({ reason })
    const refusal = await parts.check({ token, claims, kid })
    // the claims were checked against this kind, but the compiler can't follow its declaration
    return refusal ? refused(refusal) : { ok: true, claims: claims as VerifiedClaims<K> }
  }
  return { kind: options.kind, verify, hold: createHolder({ ...parts.holding, verify, now: parts.now }) }
}

type Request = Partial<PresentedIn> & RequiredOfToken<string>

/** Why a token of a declared kind doesn't permit a request. */
function notPermitted(claims: AnyClaims, { action, resource }: Request = {}): RefusalReason | undefined {
  if (!('kind' in claims)) return undefined
  if (action !== undefined && !claims.actions.includes(action)) return 'action_not_allowed'
  return resource !== undefined && resource !== claims.resource ? 'wrong_resource' : undefined
}

interface Parts {
  readonly expected: ExpectedKind
  readonly now: () => number
  readonly rememberProof: RememberProof
  readonly keySet: CachedDocument<KeySet>
  readonly check: RevocationCheck
  readonly holding: Pick<Parameters<typeof createHolder>[0], 'feedOf' | 'watch' | 'maxStalenessSeconds'>
}

const defaultMaxStalenessSeconds = 300
/** An unchanged feed is signed every 10 seconds, and an HTTP cache can keep it for another 10. */
const minStalenessSeconds = 30

function partsOf({ issuer, baseUrl = issuer, revocation = { by: 'feed' }, ...options }: CommonOptions<string>): Parts {
  const { now = Date.now, waitUntil } = options
  const runtime = { now, waitUntil }
  const fetch: typeof globalThis.fetch = options.fetch ?? ((...request) => globalThis.fetch(...request))
  const endpoint: Endpoint = { baseUrl: baseUrl.replace(/\/$/, ''), fetch }
  const keySet = cacheKeySet(endpoint, runtime)
  const expected = expectedKind(options)
  const parts = { expected, now, keySet, rememberProof: options.rememberProof ?? createProofMemory(now) }
  if (revocation.by === 'expiry') {
    const holding = { feedOf: () => undefined, watch: () => () => {}, maxStalenessSeconds: undefined }
    return { ...parts, check: async () => undefined, holding }
  }
  const staleness = stalenessOf(revocation)
  const feedOf = cacheFeeds({
    ...endpoint,
    ...runtime,
    issuer,
    keySet,
    maxStalenessSeconds: staleness.maxStalenessSeconds,
  })
  const watch = (watched: CachedRevocations, isStreamed: boolean) => watchFeed({ endpoint, feed: watched, isStreamed })
  const maxStalenessSeconds = staleness.whenStale === 'refuse' ? staleness.maxStalenessSeconds : undefined
  const holding = { feedOf, watch, maxStalenessSeconds }
  if (revocation.by === 'feed') return { ...parts, check: checkByFeed(feedOf, staleness, now), holding }
  return { ...parts, check: checkByIntrospection(endpoint, revocation.apiKey), holding }
}

function stalenessOf(revocation: Exclude<RevocationOptions, { by: 'expiry' }>) {
  const given = revocation.by === 'feed' ? revocation : undefined
  const { maxStalenessSeconds = defaultMaxStalenessSeconds, whenStale = 'refuse' } = given ?? {}
  // also false for NaN
  if (maxStalenessSeconds >= minStalenessSeconds) return { maxStalenessSeconds, whenStale }
  throw new RangeError(
    `maxStalenessSeconds must be at least ${minStalenessSeconds}: an unchanged feed can be that old.`,
  )
}

async function judge(
  parts: Parts,
  { issuer, account, algorithms }: CommonOptions<string>,
  token: string,
): Promise<{ readonly claims: AnyClaims; readonly kid: string } | RefusalReason> {
  // callers without type checks can pass anything
  const parsed = typeof token === 'string' ? parseJws(token) : undefined
  if (!parsed) return 'malformed'
  if (!parts.expected.typs.includes(parsed.typ)) return 'wrong_kind'
  if (algorithms && !algorithms.includes(parsed.alg)) return 'wrong_algorithm'
  const key = await findKey(parts, parsed)
  if (typeof key === 'string') return key
  if (!(await isSignedBy(key, token, parsed))) return 'bad_signature'
  const judged = parts.expected.validate(parsed.payload, { issuer, now: parts.now() / 1000 })
  if ('issue' in judged) return judged.issue
  const { claims } = judged
  return account === 'any' || [account].flat().includes(claims.account_id)
    ? { claims, kid: parsed.kid }
    : 'wrong_account'
}

/** Finds a key of the issuer. Refetches the keys if it is unknown. */
async function findKey({ keySet }: Parts, { kid }: ParsedJws): Promise<PublicKey | RefusalReason> {
  const known = (await keySet.get())?.get(kid)
  if (known) return known
  const keys = await keySet.renew()
  if (!keys) return 'unavailable'
  return keys.get(kid) ?? 'unknown_key'
}
