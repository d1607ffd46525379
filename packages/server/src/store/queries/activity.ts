import { sql } from '../kysely.js'
import type { Scopes } from '../scope.js'

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

const columnsOfKey = ['account_id', 'minute', 'operation', 'outcome'] as const
/** A statement may have only a limited number of values. */
const rowsPerStatement = 100

export function activityQueries({ forAccount, unscoped }: Scopes) {
  return {
    /** Adds counts to the existing ones, of any process. They are swept after this many milliseconds. */
    async addActivity(counts: readonly ActivityCount[], keptMilliseconds: number): Promise<void> {
      // in the same order everywhere, so that replicas wait for one another without a deadlock
      const keyOf = ({ accountId, minute, operation, outcome }: ActivityCount) =>
        `${accountId} ${minute} ${operation} ${outcome}`
      const ordered = counts.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
      for (let from = 0; from < ordered.length; from += rowsPerStatement) {
        const rows = ordered.slice(from, from + rowsPerStatement).map(({ accountId, count, ...same }) => ({
          ...same,
          account_id: accountId,
          calls: count,
          expires_at: same.minute + keptMilliseconds,
        }))
        // one batch contains counts of many accounts
        await unscoped
          .insertInto('activity')
          .values(rows)
          .onConflict((oc) =>
            oc.columns([...columnsOfKey]).doUpdateSet({ calls: sql`activity.calls + excluded.calls` }),
          )
          .execute()
      }
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
