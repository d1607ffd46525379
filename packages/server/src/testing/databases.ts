import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { inject } from 'vitest'
import type { OpenDatabase } from '../store/database.js'
import { migrate } from '../store/migrations/migrate.js'
import { openPostgres } from '../store/postgres/open-postgres.js'
import { openSqlite } from '../store/sqlite/open-sqlite.js'
import { createStore } from '../store/store.js'

/** Every database that a store can stand on; what one of them promises, all do. */
export const databases = ['SQLite in memory', 'SQLite in a file', 'PostgreSQL'] as const

/** A new, migrated database of this kind, with its store. */
export async function openDatabase(kind: (typeof databases)[number]) {
  const { db, close } = await openEmpty(kind)
  await migrate(db)
  return { db, store: createStore(db), close }
}

/** A new database of this kind, without tables. */
export async function openEmpty(kind: (typeof databases)[number]): Promise<OpenDatabase> {
  if (kind === 'SQLite in memory') return openSqlite(undefined)
  if (kind === 'PostgreSQL') return openPostgres(await createDatabase(), 10)
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-store-'))
  const { db, close } = openSqlite(join(folder, 'hallpass.db'))
  const remove = async () => {
    await close()
    rmSync(folder, { recursive: true })
  }
  return { db, close: remove }
}

/** A database of the PostgreSQL that runs for the tests; gives its URL. */
export async function createDatabase(): Promise<string> {
  const postgres = inject('postgres')
  if (!postgres) throw new Error('this project runs without PostgreSQL')
  const { adminUrl, role } = postgres
  const name = `hallpass_${randomBytes(6).toString('hex')}`
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  await client.query(`create database ${name} owner ${pg.escapeIdentifier(role.name)} template template0`)
  await client.end()
  return Object.assign(new URL(adminUrl), { username: role.name, password: role.password, pathname: `/${name}` }).href
}
