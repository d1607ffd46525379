import { importPublicKey, type PublicJwk, type PublicKey } from '@hallpass/contracts'
import { fetchDocument, type Reach } from './fetch-document.js'
import { type HeldDocument, holdDocument } from './hold-document.js'

/** The issuer's keys by id. */
export type KeySet = ReadonlyMap<string, PublicKey>

const minute = 60_000
// the issuer announces a key 15 minutes before it signs: 10 of a verifier, 5 of a cache on the way
const patience = { fresh: 5 * minute, usable: 10 * minute, coolDown: 5_000 }
/** More than a thousand keys; a longer document is another server's. */
const mostBytes = 1_000_000

/** Holds the issuer's JWKS (RFC 7517) for at most 10 minutes, and through an outage for as long as that lasts. */
export function holdKeySet(reach: Reach, now: () => number): HeldDocument<KeySet> {
  const load = async (_: unknown, forced: boolean): Promise<KeySet> => {
    const response = await fetchDocument(reach, { path: '/.well-known/jwks.json', forced, mostBytes })
    const { keys }: { keys: readonly PublicJwk[] } = await response.json()
    const found = new Map<string, PublicKey>()
    // keys of other kinds are no reason to reject the set
    for (const jwk of keys) {
      const key = await importPublicKey(jwk)
      if (key && jwk.kid !== undefined) found.set(jwk.kid, key)
    }
    // a set without a key is an answer of somebody else
    if (found.size === 0) throw new Error('the key set holds no key of this service')
    return found
  }
  return holdDocument(load, patience, now)
}
