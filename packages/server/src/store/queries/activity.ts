import { sql } from '../kysely.js'
import type { Scopes } from '../scope.js'

/** How often an account's calls of one operation came out one way in one minute. */
export interface ActivityCount {
  readonly accountId: string
  /** The beginning of the minute, in milliseconds since the epoch. */
  readonly minute: number
  readonly operation: string
  /** `ok`, or the reason of the refusal. */
  readonly outcome: string
  readonly count: number
}

const columnsOfKey = ['account_id', 'minute', 'operation', 'outcome'] as const
/** A statement takes so many values only. */
const rowsPerStatement = 100

export function activityQueries({ forAccount, unscoped }: Scopes) {
  return {
    /** Adds counts to those that are there, of whichever process; they are swept after so many milliseconds. */
    async addActivity(counts: readonly ActivityCount[], keptMilliseconds: number): Promise<void> {
      // in one order everywhere, so that replicas wait for one another and not in a circle
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
        // counts of a moment are those of many accounts
        await unscoped
          .insertInto('activity')
          .values(rows)
          .onConflict((oc) =>
            oc.columns([...columnsOfKey]).doUpdateSet({ calls: sql`activity.calls + excluded.calls` }),
          )
          .execute()
      }
    },

    /** From `since` (milliseconds) on, the oldest minute first. */
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
