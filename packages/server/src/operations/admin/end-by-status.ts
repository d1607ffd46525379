import { type CardStatus, type CustomerStatus, endedCardStatuses, endedCustomerStatuses } from '@hallpass/contracts'
import { cutoffTimes } from '../../revocation/cutoff-times.js'
import type { Store } from '../../store/store.js'

/** A record and its new status. */
export type StatusChange =
  | { readonly scope: 'customer'; readonly id: string; readonly status?: CustomerStatus | undefined }
  | { readonly scope: 'card'; readonly id: string; readonly status?: CardStatus | undefined }

/** Whether a change of status ends the active tokens of the customer or card. */
export function endsTokens(change: StatusChange): boolean {
  if (change.status === undefined) return false
  return change.scope === 'customer'
    ? endedCustomerStatuses.includes(change.status)
    : endedCardStatuses.includes(change.status)
}

/** Ends what was minted up to this time (milliseconds), so that a later change of status doesn't revive it. */
export async function endByStatus(
  {
    accountId,
    now,
    store,
  }: { readonly accountId: string; readonly now: number; readonly store: Pick<Store, 'addCutoff'> },
  change: StatusChange,
): Promise<void> {
  if (!endsTokens(change)) return
  await store.addCutoff(accountId, { scope: change.scope, subject: change.id }, cutoffTimes(now))
}

/** The part of the audit entry about ended tokens. */
export const describeEnd = (change: StatusChange): Record<string, string> =>
  endsTokens(change) ? { ended: `every token of this ${change.scope}` } : {}
