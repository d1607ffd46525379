import { DatabaseError } from 'pg'
import { StartError } from '../../errors.js'
import { isStoreFailure } from '../failure.js'
import { hasTable } from '../has-table.js'
import type { Kysely } from '../kysely.js'
import type { Database } from '../schema.js'
import { nothing, type Peeked } from '../sqlite/peek-sqlite.js'
import { createStore } from '../store.js'

/**
 * Reads facts about a database and writes nothing. Throws StoreUnavailable if it can't be reached, and a StartError if
 * it can't be used.
 */
export async function peekPostgres(db: Kysely<Database>, setting: string): Promise<Peeked> {
  try {
    if (!(await hasTable(db, 'settings'))) return nothing
    const store = createStore(db)
    return {
      setting: await store.findSetting(setting),
      hasProductionAccount: await store.hasProductionAccount(),
    }
  } catch (error) {
    if (isStoreFailure(error) || !(error instanceof DatabaseError)) throw error
    // the message is PostgreSQL's own, such as: password authentication failed for user "hallpass"
    throw new StartError(`The database cannot be used: ${error.message}.`)
  }
}
