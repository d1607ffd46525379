import { setImmediate as nextTurn } from 'node:timers/promises'
import { inject } from 'vitest'
import {
  createMigratedDatabase,
  createStore,
  migrate,
  openPostgres,
  openSqlite,
  type Store,
  scopesOf,
  sql,
} from './server-parts.js'

/** The URL of a new, empty database: on PostgreSQL if the run has one (the project `postgres`), otherwise in memory. */
export async function newDatabase(): Promise<string> {
  return inject('postgres') === undefined ? ':memory:' : createMigratedDatabase()
}

/** A migrated, empty database of either kind, in which no server has created keys. */
export async function openMigrated(url: string): Promise<{ store: Store; close: () => Promise<void> }> {
  const { db, close } = openUrl(url)
  await migrate(db)
  return { store: createStore(db), close }
}

/** Runs a statement in a database of either kind, like anyone with write access. */
export async function writeDirectly(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const { db, close } = openUrl(url)
  const write = async () => (await sql.raw<Record<string, unknown>>(statement).execute(scopesOf(db).unscoped)).rows
  // a server in this process may hold a SQLite file until its turn of the event loop is over
  const isBusy = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'
  try {
    return await write().catch(async (error: unknown) => {
      if (!isBusy(error)) throw error
      await nextTurn()
      return write()
    })
  } finally {
    await close()
  }
}

const openUrl = (url: string) =>
  url.startsWith('file:') ? openSqlite(url.slice('file:'.length)) : openPostgres(url, 2)
