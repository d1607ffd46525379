import type { BridgeClaims, SessionClaims } from '@hallpass/contracts'
import { createCall } from '../call/create-call.js'
import { HallpassClientError } from '../errors.js'
import type { Reach } from './fetch-document.js'
import type { HeldDocument } from './hold-document.js'
import type { Revocations } from './hold-revocations.js'
import { isRevoked } from './is-revoked.js'
import { limitedFetch } from './limit-body.js'
import type { RefusalReason } from './refusal.js'

/** A token whose claims are right. */
export interface GoodToken {
  readonly token: string
  /** The id of the key that signed it. */
  readonly kid: string
  readonly claims: BridgeClaims | SessionClaims
}

export interface Refusal {
  readonly reason: RefusalReason
  readonly cause?: unknown
}

/** Why a token whose claims are right is refused after all, or undefined. */
export type RevocationCheck = (token: GoodToken) => Promise<Refusal | undefined>

/** By the feed of its account that is held; no request for a token. A key that the feed doesn't list was removed. `maxStalenessSeconds` counts from the time the feed was signed. */
export function checkByFeed(
  feedOf: (accountId: string) => HeldDocument<Revocations>,
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
/** Far more than the claims of any token. */
const mostIntrospectedBytes = 1_000_000

/** By asking the issuer about each token (RFC 7662), as the account that the token belongs to. */
export function checkByIntrospection(reach: Reach, apiKey: string): RevocationCheck {
  const fetch = limitedFetch(reach.fetch, mostIntrospectedBytes)
  const call = createCall({ ...reach, fetch, apiKey, timeout: introspectionTimeoutMilliseconds })
  return async ({ token, claims }) => {
    const options = { accountId: claims.account_id }
    try {
      const { data } = await call({ id: 'tokens.introspect', repeat: 'repeatable' }, { token }, options)
      return isActive(data, claims.aud) ? undefined : { reason: 'revoked' }
    } catch (error) {
      const isElsewhere = error instanceof HallpassClientError && error.reason === 'not_found'
      return isElsewhere ? { reason: 'wrong_account' } : { reason: 'unavailable', cause: error }
    }
  }
}

function isActive(answer: unknown, kind: string): boolean {
  if (typeof answer !== 'object' || answer === null) return false
  return 'active' in answer && answer.active === true && 'token_type' in answer && answer.token_type === kind
}
