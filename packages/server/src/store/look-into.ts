import { existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { Kysely, SqliteDialect, sql } from './kysely.js'
import { migrationNames } from './migrations.js'
import type { Database } from './schema.js'
import { createStore, type Store } from './store.js'

/** A database that is looked at and left as it is. */
export interface Look {
  /** Only what reads may be asked of it. */
  readonly store: Store
  /** It has no tables yet. */
  readonly isNew: boolean
  /** Steps that this version knows and the database has not had. */
  readonly pending: readonly string[]
  /** Steps that the database has had and this version does not know. */
  readonly unknown: readonly string[]
  readonly close: () => Promise<void>
}

/** Opens a SQLite file that is there, for reading. */
export async function lookIntoSqlite(path: string): Promise<Look> {
  // see peekSqlite: this leaves file and log as they are
  const sqlite = new Sqlite(path, { readonly: existsSync(`${path}-wal`) })
  const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: sqlite }) })
  const close = async () => {
    await db.destroy()
    sqlite.close()
  }
  try {
    return { store: createStore(db), ...(await compareMigrations(db)), close }
  } catch (error) {
    await close()
    throw error
  }
}

export async function compareMigrations(db: Kysely<Database>): Promise<Pick<Look, 'isNew' | 'pending' | 'unknown'>> {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true })
  const isNew = !tables.some(({ name }) => name === 'kysely_migration')
  const rows = isNew ? [] : (await sql<{ name: string }>`select name from kysely_migration`.execute(db)).rows
  const had = rows.map(({ name }) => name)
  return {
    isNew: had.length === 0,
    pending: migrationNames.filter((name) => !had.includes(name)),
    unknown: had.filter((name) => !migrationNames.includes(name)),
  }
}
