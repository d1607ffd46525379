import { setImmediate as nextTurn } from 'node:timers/promises'
import { inject } from 'vitest'
import {
  createMigratedDatabase,
  createStore,
  migrate,
  openPatiently,
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
  const { db, close } = await whenFree(async () => openUrl(url))
  try {
    const write = () => sql.raw<Record<string, unknown>>(statement).execute(scopesOf(db).unscoped)
    return (await whenFree(write)).rows
  } finally {
    await close()
  }
}

/** A server in this process may hold a SQLite file until its turn of the event loop is over. */
async function whenFree<T>(run: () => Promise<T>, attempts = 5): Promise<T> {
  await nextTurn()
  try {
    return await run()
  } catch (error) {
    const isBusy = error instanceof Error && /database is locked/.test(error.message)
    if (!isBusy || attempts === 1) throw error
    return whenFree(run, attempts - 1)
  }
}

const openUrl = (url: string) =>
  url.startsWith('file:') ? openSqlite(url.slice('file:'.length)) : openPatiently(url, 2)
