import { allowsOrigin, unlistedOriginOf } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import { cutoffTimes, stragglerMilliseconds } from '../../revocation/cutoff-times.js'
import type { ClientKey } from '../../store/queries/client-keys.js'
import type { Store } from '../../store/store.js'
import { cutoffEvent } from '../../webhooks/cutoff-event.js'

interface Deps {
  readonly clock: Clock
  readonly store: Pick<Store, 'removeObservedOrigins' | 'addCutoff'>
  /** Milliseconds. */
  readonly now: number
}

/**
 * Ends every session of the origins that observe mode has seen and that are still not allowed. Call it in the transaction
 * that turns observe mode off, with the key as it is then. Returns these origins.
 */
export async function endObservation(
  { clock, store, now }: Deps,
  { accountId, id: clientKeyId, allowlist }: Pick<ClientKey, 'accountId' | 'id' | 'allowlist'>,
): Promise<string[]> {
  const seen = await store.removeObservedOrigins({ accountId, clientKeyId })
  const ended = seen.filter((origin) => !allowsOrigin(allowlist, origin))
  for (const origin of ended) {
    const cutoff = { scope: 'client_key', subject: unlistedOriginOf(clientKeyId, origin) } as const
    const more = { scope: 'origin', scope_id: origin, client_key_id: clientKeyId }
    const event = cutoffEvent(clock, 'observation_ended', { more })
    await store.addCutoff(accountId, cutoff, cutoffTimes(now + stragglerMilliseconds), event)
  }
  return ended
}
