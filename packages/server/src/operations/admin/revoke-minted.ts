import { unnamedApiKey } from '@hallpass/contracts'
import { cutoffTimes } from '../../revocation/cutoff-times.js'
import type { Store } from '../../store/store.js'

interface Deps {
  readonly account: { readonly id: string }
  readonly store: Pick<Store, 'addFamilyCutoff'>
}

/**
 * Ends what one secret key minted up to a time (milliseconds), also in the child accounts that it can act for. A token
 * without a key id could have been minted by any key, so such tokens end too. Returns the ids of the accounts.
 */
export async function revokeMinted({ account, store }: Deps, apiKeyId: string, notBefore: number): Promise<string[]> {
  const times = cutoffTimes(notBefore)
  await store.addFamilyCutoff(account.id, { scope: 'api_key', subject: unnamedApiKey }, times)
  return store.addFamilyCutoff(account.id, { scope: 'api_key', subject: apiKeyId }, times)
}
