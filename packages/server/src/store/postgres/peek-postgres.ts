import { DatabaseError } from 'pg'
import { StartError } from '../../errors.js'
import { isStoreFailure } from '../failure.js'
import { sql } from '../kysely.js'
import type { Peeked } from '../peek-sqlite.js'
import { createStore } from '../store.js'
import { openPostgres } from './open-postgres.js'

/** Looks into a database and writes nothing. Throws StoreUnavailable where it cannot be reached, StartError where it may not be. */
export async function peekPostgres(url: string, setting: string): Promise<Peeked> {
  const { db, close } = openPostgres(url, 1)
  try {
    const found = await sql<{ exists: boolean }>`select to_regclass('settings') is not null as exists`.execute(db)
    if (!found.rows[0]?.exists) return { setting: undefined, hasProductionAccount: false }
    const store = createStore(db)
    return {
      setting: await store.findSetting(setting),
      hasProductionAccount: await store.hasProductionAccount(),
    }
  } catch (error) {
    if (isStoreFailure(error) || !(error instanceof DatabaseError)) throw error
    // the words are PostgreSQL's own, such as: password authentication failed for user "hallpass"
    throw new StartError(`the database cannot be used: ${error.message}`)
  } finally {
    await close()
  }
}
