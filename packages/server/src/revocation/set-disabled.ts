import type { Clock } from '../clock.js'
import type { Administrator } from '../store/queries/accounts.js'
import type { Store } from '../store/store.js'
import { cutoffEvent } from '../webhooks/cutoff-event.js'
import { cutoffTimes, stragglerMilliseconds } from './cutoff-times.js'

interface Deps {
  readonly clock: Clock
  readonly store: Pick<Store, 'disableAccount' | 'enableAccount' | 'addCutoff'>
  readonly by: Administrator
  /** In milliseconds. */
  readonly now: number
}

/**
 * Disables or enables an account. Disabling it is one conditional write, with a cutoff that ends all of its tokens and
 * sessions, also those that a late replica still begins. Enabling it ends whatever began until then, so no token comes
 * back. False if the account was in this state already, isn't below its administrator, or can't be enabled yet.
 */
export async function setDisabled({ clock, store, by, now }: Deps, id: string, disabled: boolean): Promise<boolean> {
  const done = disabled
    ? await store.disableAccount(id, by, now)
    : await store.enableAccount(id, by, now - stragglerMilliseconds)
  if (!done) return false
  const notBefore = disabled ? now + stragglerMilliseconds : now
  const event = cutoffEvent(clock, disabled ? 'account_disabled' : 'account_enabled')
  await store.addCutoff(id, { scope: 'account', subject: id }, cutoffTimes(notBefore), event)
  return true
}
