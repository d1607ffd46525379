import type { Clock } from '../clock.js'
import type { DerivedKeys } from '../crypto/data-key-ring.js'
import { derivedUuid } from '../crypto/keyed-hash.js'
import { randomUuid } from '../ids.js'
import type { ClientKey } from '../store/queries/client-keys.js'

export interface GuestDeps {
  readonly clientKey: Pick<ClientKey, 'id' | 'accountId'>
  readonly clock: Clock
  readonly keys: DerivedKeys
  readonly jkt: string | undefined
}

/** The same key on the same page is always the same visitor, also after its session ended. No cookie or row says so. */
export function guestIdOf({ keys, clock, clientKey, jkt }: GuestDeps, origin: string): string {
  if (jkt === undefined) return randomUuid(clock)
  // a JSON text, so that it differs from the text for a user, which begins with the id of the account
  return derivedUuid(keys.visitorId, JSON.stringify([clientKey.accountId, clientKey.id, jkt, origin]))
}
