import type { Store } from '../store/store.js'
import { cutoffTimes, stragglerMilliseconds } from './cutoff-times.js'

/**
 * Tells offline verifiers that a kind was disabled, which is for good: a cutoff in the feed ends its tokens, also those
 * that a late replica still mints. Call it in the transaction that disables the kind, at `now` (milliseconds).
 */
export function endKind(store: Pick<Store, 'addCutoff'>, accountId: string, kind: string, now: number): Promise<void> {
  return store.addCutoff(accountId, { scope: 'kind', subject: kind }, cutoffTimes(now + stragglerMilliseconds))
}
