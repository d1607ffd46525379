import type { FeedCutoff } from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import { isoTime } from '../iso-time.js'
import type { Store } from '../store/store.js'
import { cutoffEvent } from '../webhooks/cutoff-event.js'
import { cutoffTimes } from './cutoff-times.js'

type RecordingStore = Pick<Store, 'appendAuditEntry'>

/** Adds a change to the account's history. */
export type RecordChange = (
  store: RecordingStore,
  change: {
    readonly accountId?: string
    readonly input: Record<string, unknown>
    readonly value: unknown
    readonly targetId?: string
  },
) => Promise<void>

interface Deps {
  readonly clock: Clock
  readonly store: RecordingStore & Pick<Store, 'emptyFullFeed' | 'addCutoff'>
  readonly record: RecordChange
  /** Milliseconds. */
  readonly now: number
}

/**
 * Keeps a feed within the size that verifiers accept. If the account has revoked too many single things, a cutoff ends
 * everything of the account that began up to now. Call it after a revocation, in its transaction.
 */
export async function replaceNames(
  { clock, store, record, now }: Deps,
  accountId: string,
): Promise<{ readonly feed_cutoff?: FeedCutoff }> {
  if (!(await store.emptyFullFeed(accountId))) return {}
  const feed_cutoff = await replaceByCutoff({ clock, store }, accountId, now)
  await record(store, { input: { feed_cutoff }, value: {}, targetId: accountId })
  return { feed_cutoff }
}

/** Ends everything of the account that began up to a time, in milliseconds. This replaces the names counted so far. */
export async function replaceByCutoff(
  { clock, store }: { readonly clock: Clock; readonly store: Pick<Store, 'emptyFullFeed' | 'addCutoff'> },
  accountId: string,
  notBefore: number,
): Promise<FeedCutoff> {
  const cutoff = { scope: 'account', subject: accountId } as const
  await store.addCutoff(accountId, cutoff, cutoffTimes(notBefore), cutoffEvent(clock, 'feed_full'))
  await store.emptyFullFeed(accountId)
  return { ...cutoff, not_before: isoTime(notBefore) }
}
