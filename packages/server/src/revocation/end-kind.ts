import type { Clock } from '../clock.js'
import type { Store } from '../store/store.js'
import { cutoffEvent } from '../webhooks/cutoff-event.js'
import { cutoffTimes, stragglerMilliseconds } from './cutoff-times.js'

/**
 * Tells offline verifiers that a kind was disabled, which is for good: a cutoff in the feed ends its tokens, also those
 * that a late replica still mints. Call it in the transaction that disables the kind, at `now` (milliseconds).
 */
export function endKind(
  { clock, store }: { readonly clock: Clock; readonly store: Pick<Store, 'addCutoff'> },
  accountId: string,
  kind: string,
  now: number,
): Promise<void> {
  const cutoff = { scope: 'kind', subject: kind } as const
  const times = cutoffTimes(now + stragglerMilliseconds)
  return store.addCutoff(accountId, cutoff, times, cutoffEvent(clock, 'kind_disabled'))
}
