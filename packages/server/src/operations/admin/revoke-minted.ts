import { unnamedApiKey } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import { cutoffTimes } from '../../revocation/cutoff-times.js'
import type { Store } from '../../store/store.js'
import { type CutoffWrite, cutoffEvent } from '../../webhooks/cutoff-event.js'

interface Deps {
  readonly account: { readonly id: string }
  readonly clock: Clock
  readonly store: Pick<Store, 'addFamilyCutoff'>
}

/**
 * Ends what one secret key minted up to a time (milliseconds), also in the child accounts that it can act for. A token
 * without a key id could have been minted by any key, so such tokens end too. Returns the ids of the accounts.
 */
export async function revokeMinted(
  { account, clock, store }: Deps,
  apiKeyId: string,
  { notBefore, write }: { readonly notBefore: number; readonly write: CutoffWrite },
): Promise<string[]> {
  const times = cutoffTimes(notBefore)
  // the event of the named key stands for both
  await store.addFamilyCutoff(account.id, { scope: 'api_key', subject: unnamedApiKey }, times, () => undefined)
  const event = cutoffEvent(clock, 'revoked', { write })
  return store.addFamilyCutoff(account.id, { scope: 'api_key', subject: apiKeyId }, times, event)
}
