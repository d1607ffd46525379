import type { Clock } from '../../clock.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { judgeOrigin } from '../../sessions/judge-origin.js'
import type { ClientKey } from '../../store/queries/client-keys.js'
import type { Store } from '../../store/store.js'

interface Deps {
  readonly clientKey: ClientKey
  readonly clock: Pick<Clock, 'now'>
  readonly store: Pick<Store, 'observeOrigin'>
}

/** More origins than a key has before its allowlist is ready. Those of an attacker stay few enough to read. */
const mostOrigins = 50

/**
 * The mark of a new session whose origin is not allowed. Notes the origin first, so that the end of observe mode ends
 * its sessions. Refuses if observe mode has ended, or has seen too many origins.
 */
export async function markUnlisted(
  { clientKey, clock, store }: Deps,
  origin: string,
): Promise<{ readonly origin_unlisted?: true }> {
  const now = clock.now()
  const standing = judgeOrigin(clientKey, origin, now)
  if (standing === 'listed') return {}
  const key = { accountId: clientKey.accountId, clientKeyId: clientKey.id }
  if (standing === 'unlisted' && (await store.observeOrigin(key, origin, { now, most: mostOrigins }))) {
    return { origin_unlisted: true }
  }
  const explain = () => ({ seen: `${origin}, which is not on the allowlist and can't be observed any more` })
  throw new HallpassError('origin_not_allowed', messages.originNotAllowed, { explain })
}
