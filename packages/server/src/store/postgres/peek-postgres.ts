import { DatabaseError } from 'pg'
import { StartError } from '../../errors.js'
import type { SharedDatabase } from '../database.js'
import { StoreUnavailable } from '../failure.js'
import { hasTable } from '../has-table.js'
import type { Kysely } from '../kysely.js'
import type { Database } from '../schema.js'
import { nothing, type Peeked } from '../sqlite/peek-sqlite.js'
import { createStore } from '../store.js'
import { isPassing } from './postgres-failure.js'

/**
 * Reads facts about a database and writes nothing. Throws StoreUnavailable if it can't be reached, and a StartError if
 * it can't be used.
 */
export async function peekPostgres(
  { db, shared }: { readonly db: Kysely<Database>; readonly shared: SharedDatabase },
  setting: string,
): Promise<Peeked> {
  try {
    await shared.requireUsable()
    if (!(await hasTable(db, 'settings'))) return nothing
    const store = createStore(db)
    return {
      setting: await store.findSetting(setting),
      hasProductionAccount: await store.hasProductionAccount(),
    }
  } catch (error) {
    const cause = error instanceof StoreUnavailable ? error.cause : error
    if (!(cause instanceof DatabaseError) || isPassing(cause)) throw error
    // the message is PostgreSQL's own, such as: password authentication failed for user "hallpass"
    throw new StartError(`The database cannot be used: ${cause.message}.`)
  }
}
