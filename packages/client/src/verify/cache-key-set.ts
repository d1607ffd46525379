import { importPublicKey, type PublicJwk, type PublicKey } from '@hallpass/contracts'
import { type CachedDocument, cacheDocument, type Runtime } from './cache-document.js'
import { type Endpoint, fetchDocument } from './fetch-document.js'

/** The issuer's keys by id. */
export type KeySet = ReadonlyMap<string, PublicKey>

const minute = 60_000
// the issuer announces a key 15 minutes before it signs: up to 10 in this cache, and up to 5 in an HTTP cache
const policy = { fresh: 5 * minute, usable: 10 * minute, minRefetchInterval: 5_000 }
/** Enough for more than a thousand keys. A longer document isn't Hallpass's. */
const mostBytes = 1_000_000

/** Caches the issuer's JWKS (RFC 7517) for up to 10 minutes, and during an outage for as long as it lasts. */
export function cacheKeySet(endpoint: Endpoint, runtime: Runtime): CachedDocument<KeySet> {
  const load = async (_: unknown, forced: boolean): Promise<KeySet> => {
    const response = await fetchDocument(endpoint, { path: '/.well-known/jwks.json', forced, mostBytes })
    const { keys }: { keys: readonly PublicJwk[] } = await response.json()
    const found = new Map<string, PublicKey>()
    // keys of other types don't invalidate the set
    for (const jwk of keys) {
      const key = await importPublicKey(jwk)
      if (key && jwk.kid !== undefined) found.set(jwk.kid, key)
    }
    // a set without usable keys isn't from Hallpass
    if (found.size === 0) throw new Error('The key set contains no Hallpass key.')
    return found
  }
  return cacheDocument(load, policy, runtime)
}
