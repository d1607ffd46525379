import type { Kysely, Selectable, Updateable } from '../kysely.js'
import { guardedApiKey, inTransaction, type RowGuard } from '../row-guard.js'
import type { Database } from '../schema.js'
import { isPostgres, scopesOf } from '../scope.js'
import { settingQueries } from './settings.js'

export type ApiKeyRow = Selectable<Database['api_keys']>

/** Writes that require an unchanged row: a row that someone changed in the database gets no new MAC. */
export function guardedWrites(guard: RowGuard) {
  const lockedIn = async (
    trx: Kysely<Database>,
    accountId: string,
    [column, value]: readonly ['id' | 'secret_hash', string],
    { removeOthers = false } = {},
  ): Promise<ApiKeyRow | undefined> => {
    const query = trx.selectFrom('api_keys').selectAll().where('account_id', '=', accountId).where(column, '=', value)
    const row = await query.$if(isPostgres(trx), (locked) => locked.forNoKeyUpdate()).executeTakeFirst()
    if (!row || (await guard.isGenuine(guardedApiKey(row), settingQueries(scopesOf(trx))))) return row
    if (removeOthers) await trx.deleteFrom('api_keys').where('id', '=', row.id).execute()
    return undefined
  }
  const change = (
    db: Kysely<Database>,
    accountId: string,
    id: string,
    how: (row: ApiKeyRow) => Updateable<Database['api_keys']>,
  ): Promise<ApiKeyRow | undefined> =>
    inTransaction(db, async (trx) => {
      const row = await lockedIn(trx, accountId, ['id', id])
      if (!row) return undefined
      const next = { ...row, ...how(row) }
      const seal = await guard.sealIn(settingQueries(scopesOf(trx)))
      const values = { ...how(row), mac: seal(guardedApiKey(next).content) }
      return trx.updateTable('api_keys').set(values).where('id', '=', id).returningAll().executeTakeFirst()
    })
  return { lockedIn, change }
}

export const setMac = (trx: Kysely<Database>, { id }: ApiKeyRow, mac: string | null) =>
  trx.updateTable('api_keys').set({ mac }).where('id', '=', id).execute()
