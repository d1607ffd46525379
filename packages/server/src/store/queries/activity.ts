import type { Scopes } from '../scope.js'
import { addCounts } from './add-counts.js'

/** How often an account's calls of one operation had one outcome in one minute. */
export interface ActivityCount {
  readonly accountId: string
  /** The start of the minute, in milliseconds since the epoch. */
  readonly minute: number
  readonly operation: string
  /** `ok`, or the reason of the refusal. */
  readonly outcome: string
  readonly count: number
}

export function activityQueries({ forAccount, unscoped }: Scopes) {
  return {
    /** Adds counts to the existing ones, of any process. They are swept after this many milliseconds. */
    async addActivity(counts: readonly ActivityCount[], keptMilliseconds: number): Promise<void> {
      const rows = counts.map(({ accountId, count, ...same }) => ({
        ...same,
        account_id: accountId,
        calls: count,
        expires_at: same.minute + keptMilliseconds,
      }))
      const key = ['account_id', 'minute', 'operation', 'outcome'] as const
      // one batch contains counts of many accounts
      await addCounts(unscoped, { table: 'activity', key, rows })
    },

    /** From `since` (milliseconds) on, oldest minute first. */
    async listActivity(accountId: string, since: number): Promise<ActivityCount[]> {
      const rows = await forAccount(accountId)
        .selectFrom('activity')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('minute', '>=', since)
        .orderBy('minute')
        .orderBy('operation')
        .orderBy('outcome')
        .execute()
      return rows.map(({ minute, operation, outcome, calls }) => ({
        accountId,
        minute: Number(minute),
        operation,
        outcome,
        count: Number(calls),
      }))
    },
  }
}
