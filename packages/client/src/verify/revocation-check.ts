import { createCall } from '../call/create-call.js'
import { HallpassClientError } from '../errors.js'
import type { CachedDocument } from './cache-document.js'
import type { Revocations } from './cache-revocations.js'
import type { AnyClaims } from './expected-kind.js'
import type { Endpoint } from './fetch-document.js'
import { isRevoked } from './is-revoked.js'
import { limitedFetch } from './limit-body.js'
import type { RefusalReason } from './refusal.js'

/** A token with a valid signature and valid claims. */
export interface GoodToken {
  readonly token: string
  /** The id of the key that signed it. */
  readonly kid: string
  readonly claims: AnyClaims
}

export interface Refusal {
  readonly reason: RefusalReason
  readonly cause?: unknown
}

/** Checks whether a valid token was revoked. Resolves to undefined if it wasn't. */
export type RevocationCheck = (token: GoodToken) => Promise<Refusal | undefined>

/**
 * Checks the cached feed of the token's account, without a request for each token. A key that the feed doesn't list was
 * removed. `maxStalenessSeconds` counts from the time when the feed was signed.
 */
export function checkByFeed(
  feedOf: (accountId: string) => CachedDocument<Revocations>,
  { maxStalenessSeconds, whenStale }: { readonly maxStalenessSeconds: number; readonly whenStale: 'refuse' | 'accept' },
  now: () => number,
): RevocationCheck {
  return async ({ claims, kid }) => {
    const feed = feedOf(claims.account_id)
    const last = await feed.get()
    // the key may be newer than the feed
    const held = !last || last.keys.has(kid) ? last : await feed.renew()
    if (held && !held.keys.has(kid)) return { reason: 'unknown_key' }
    if (held && (await isRevoked(held, claims))) return { reason: 'revoked' }
    const isStale = !held || now() / 1000 - held.iat > maxStalenessSeconds
    return isStale && whenStale === 'refuse' ? { reason: 'unavailable' } : undefined
  }
}

const introspectionTimeoutMilliseconds = 5_000
/** More than enough for the claims of any token. */
const mostIntrospectedBytes = 1_000_000

/** Introspects each token (RFC 7662) on behalf of its account. */
export function checkByIntrospection(endpoint: Endpoint, apiKey: string): RevocationCheck {
  const fetch = limitedFetch(endpoint.fetch, mostIntrospectedBytes)
  const call = createCall({ ...endpoint, fetch, apiKey, timeout: introspectionTimeoutMilliseconds })
  return async ({ token, claims }) => {
    const options = { accountId: claims.account_id }
    try {
      const { data } = await call({ id: 'tokens.introspect', repeat: 'repeatable' }, { token }, options)
      return isActive(data, tokenTypeOf(claims)) ? undefined : { reason: 'revoked' }
    } catch (error) {
      const isElsewhere = error instanceof HallpassClientError && error.reason === 'not_found'
      return isElsewhere ? { reason: 'wrong_account' } : { reason: 'unavailable', cause: error }
    }
  }
}

function tokenTypeOf(claims: AnyClaims): string {
  if ('sid' in claims) return 'widget-session'
  return 'kind' in claims ? 'declared' : 'bridge'
}

function isActive(answer: unknown, kind: string): boolean {
  if (typeof answer !== 'object' || answer === null) return false
  return 'active' in answer && answer.active === true && 'token_type' in answer && answer.token_type === kind
}
