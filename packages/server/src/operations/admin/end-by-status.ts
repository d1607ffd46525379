import { type CardStatus, type CustomerStatus, endedCardStatuses, endedCustomerStatuses } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import { cutoffTimes } from '../../revocation/cutoff-times.js'
import type { Store } from '../../store/store.js'
import { type CutoffWrite, cutoffEvent } from '../../webhooks/cutoff-event.js'

interface Deps {
  readonly accountId: string
  readonly clock: Clock
  readonly now: number
  readonly store: Pick<Store, 'addCutoff'>
  readonly write: CutoffWrite
}

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
export async function endByStatus({ accountId, clock, now, store, write }: Deps, change: StatusChange): Promise<void> {
  if (!endsTokens(change)) return
  const cutoff = { scope: change.scope, subject: change.id }
  await store.addCutoff(accountId, cutoff, cutoffTimes(now), cutoffEvent(clock, 'status_changed', { write }))
}

/** The part of the audit entry about ended tokens. */
export const describeEnd = (change: StatusChange): Record<string, string> =>
  endsTokens(change) ? { ended: `every token of this ${change.scope}` } : {}
