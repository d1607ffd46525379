import { type Kysely, sql } from '../kysely.js'
import type { Database } from '../schema.js'
import { isPostgres, type Scopes } from '../scope.js'

/** An origin that observe mode has seen. Milliseconds. */
export interface ObservedOrigin {
  readonly origin: string
  readonly seenAt: number
}

/** A client key of an account. */
interface KeyName {
  readonly accountId: string
  readonly clientKeyId: string
}

export function observedOriginQueries({ forAccount, unscoped }: Scopes) {
  return {
    /** The origins that observe mode has seen, in the order of their names. */
    async listObservedOrigins(key: KeyName): Promise<ObservedOrigin[]> {
      const { accountId } = key
      return rowsOf(forAccount(accountId), key).select(['origin', 'seen_at as seenAt']).orderBy('origin').execute()
    },

    /**
     * Notes an origin while the client key is in observe mode, at most so many of them. False if it is not noted. The
     * write is the decision: the end of observe mode waits for it or prevents it.
     */
    async observeOrigin(key: KeyName, origin: string, { now, most }: { now: number; most: number }): Promise<boolean> {
      const { accountId, clientKeyId } = key
      const db = forAccount(accountId)
      const known = rowsOf(db, key).select('origin').where('origin', '=', origin)
      if (await known.executeTakeFirst()) return true
      const locking = isPostgres(db) ? sql`for share` : sql``
      await sql`
        insert into observed_origins (account_id, client_key_id, origin, seen_at)
        select account_id, id, ${origin}, cast(${now} as bigint) from (
          select account_id, id from client_keys where account_id = ${accountId} and id = ${clientKeyId}
            and disabled = 0 and observe_until > ${now} ${locking}) as observing
        where (select count(*) from observed_origins
          where account_id = ${accountId} and client_key_id = ${clientKeyId}) < ${most}
        on conflict do nothing`.execute(db)
      return (await known.executeTakeFirst()) !== undefined
    },

    /** Removes what observe mode has seen, and returns it. */
    async removeObservedOrigins({ accountId, clientKeyId }: KeyName): Promise<string[]> {
      const query = forAccount(accountId).deleteFrom('observed_origins').where('account_id', '=', accountId)
      const rows = await query.where('client_key_id', '=', clientKeyId).returning('origin').execute()
      return rows.map(({ origin }) => origin).toSorted()
    },

    /** Client keys of any account whose observe mode has ended, but was not closed yet. */
    async listEndedObservations(now: number, limit: number): Promise<KeyName[]> {
      return unscoped
        .selectFrom('client_keys')
        .select(['account_id as accountId', 'id as clientKeyId'])
        .where('observe_until', '<=', now)
        .orderBy('observe_until')
        .limit(limit)
        .execute()
    },
  }
}

const rowsOf = (db: Kysely<Database>, { accountId, clientKeyId }: KeyName) =>
  db.selectFrom('observed_origins').where('account_id', '=', accountId).where('client_key_id', '=', clientKeyId)
