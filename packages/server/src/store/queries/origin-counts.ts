import { sql } from '../kysely.js'
import type { Scopes } from '../scope.js'
import { addCounts } from './add-counts.js'

/** How often pages of one origin called with a client key in one hour, and whether its allowlist allowed them. */
export interface OriginCount {
  readonly accountId: string
  readonly clientKeyId: string
  /** The start of the hour, in milliseconds since the epoch. */
  readonly hour: number
  /** Empty for the origins that are not counted separately. */
  readonly origin: string
  readonly outcome: 'allowed' | 'refused'
  readonly calls: number
}

export function originCountQueries({ forAccount, unscoped }: Scopes) {
  return {
    /** Adds counts to the existing ones, of any process. They are swept after this many milliseconds. */
    async addOriginCounts(counts: readonly OriginCount[], keptMilliseconds: number): Promise<void> {
      const rows = counts.map(({ accountId, clientKeyId, ...same }) => ({
        ...same,
        account_id: accountId,
        client_key_id: clientKeyId,
        expires_at: same.hour + keptMilliseconds,
      }))
      const key = ['account_id', 'client_key_id', 'hour', 'origin', 'outcome'] as const
      // one batch contains counts of many accounts
      await addCounts(unscoped, { table: 'origin_counts', key, rows })
    },

    /** The origins that are counted separately in an hour. */
    async listCountedOrigins(accountId: string, clientKeyId: string, hour: number): Promise<string[]> {
      const rows = await forAccount(accountId)
        .selectFrom('origin_counts')
        .select('origin')
        .distinct()
        .where('account_id', '=', accountId)
        .where('client_key_id', '=', clientKeyId)
        .where('hour', '=', hour)
        .where('origin', '!=', '')
        .execute()
      return rows.map(({ origin }) => origin)
    },

    /** The calls of a client key's pages by origin and outcome, from `since` (milliseconds) on, most first. */
    async countCallsByOrigin(
      accountId: string,
      clientKeyId: string,
      since: number,
    ): Promise<Pick<OriginCount, 'origin' | 'outcome' | 'calls'>[]> {
      const rows = await forAccount(accountId)
        .selectFrom('origin_counts')
        .select(['origin', 'outcome', sql<number>`sum(calls)`.as('calls')])
        .where('account_id', '=', accountId)
        .where('client_key_id', '=', clientKeyId)
        .where('hour', '>=', since)
        .groupBy(['origin', 'outcome'])
        .orderBy('calls', 'desc')
        .orderBy('origin')
        .execute()
      return rows.map(({ origin, outcome, calls }) => ({ origin, outcome, calls: Number(calls) }))
    },
  }
}
