import type { DerivedKeys } from '../../crypto/data-key-ring.js'
import { derivedUuid } from '../../crypto/keyed-hash.js'
import type { ClientKey } from '../../store/queries/client-keys.js'

/** The same user under the same client key is always the same visitor. The visitor id doesn't reveal the user. */
export function visitorIdOf(keys: DerivedKeys, clientKey: ClientKey, userId: string): string {
  return derivedUuid(keys.visitorId, `${clientKey.accountId} ${clientKey.id} ${userId}`)
}
