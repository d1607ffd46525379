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

/** Every kind of database that a store can use. All of them must behave the same. */
export const databases = ['SQLite in memory', 'SQLite in a file', 'PostgreSQL'] as const

/** A new, migrated database of this kind, with its store. */
export async function openDatabase(kind: (typeof databases)[number]) {
  const { db, close } =
    kind === 'PostgreSQL' ? openPatiently(await createMigratedDatabase(), 10) : await openEmpty(kind)
  await migrate(db)
  return { db, store: createStore(db), close }
}

/** Opens a PostgreSQL database for statements that fill or read whole tables, which a busy machine needs long for. */
export const openPatiently = (url: string, size: number): OpenDatabase =>
  openPostgres(Object.assign(new URL(url), { search: '?statement_timeout=20000&query_timeout=20000' }).href, size)

/** A new database of this kind, without tables. */
export async function openEmpty(kind: (typeof databases)[number]): Promise<OpenDatabase> {
  if (kind === 'SQLite in memory') return openSqlite(undefined)
  if (kind === 'PostgreSQL') return openPostgres(await createDatabase(), 10)
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-store-'))
  const { close, ...opened } = openSqlite(join(folder, 'hallpass.db'))
  const remove = async () => {
    await close()
    rmSync(folder, { recursive: true })
  }
  return { ...opened, close: remove }
}

/** Creates an empty database in the PostgreSQL of the tests. Returns its URL. */
export const createDatabase = (): Promise<string> => asAdmin((client) => copy(client, 'template0'))

/**
 * Creates a migrated database in the PostgreSQL of the tests. Returns its URL. A copy takes an eighth of the time of a
 * migration.
 */
export async function createMigratedDatabase(): Promise<string> {
  template ??= asAdmin(prepareTemplate)
  const name = await template
  return asAdmin((client) => copy(client, name))
}

/** The name of the database that the others are copied from, once it exists. */
let template: Promise<string> | undefined

/** Migrates a database, unless another process of this run has. The others wait. */
async function prepareTemplate(client: pg.Client): Promise<string> {
  const name = address().migrated
  await client.query('select pg_advisory_lock(hashtext($1))', [name])
  const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
  if (rowCount) return name
  // a pooler would keep a connection to it for a while, and nothing can be renamed or copied meanwhile
  const url = Object.assign(new URL(await copy(client, 'template0')), { port: new URL(address().adminUrl).port })
  const { db, close } = openPostgres(url.href, 1)
  await migrate(db)
  await close()
  await client.query(`alter database ${url.pathname.slice(1)} rename to ${name}`)
  return name
}

async function copy(client: pg.Client, source: string): Promise<string> {
  const { adminUrl, role, poolerPort } = address()
  const name = `hallpass_${randomBytes(6).toString('hex')}`
  const { rows } = await client.query<{ version: number }>(
    "select current_setting('server_version_num')::int as version",
  )
  // PostgreSQL 14 has no other strategy
  const strategy = (rows[0]?.version ?? 0) < 150_000 ? '' : 'strategy file_copy'
  await client.query(`create database ${name} owner ${pg.escapeIdentifier(role.name)} template ${source} ${strategy}`)
  const port = String(poolerPort ?? new URL(adminUrl).port)
  const { name: username, password } = role
  return Object.assign(new URL(adminUrl), { username, password, pathname: `/${name}`, port }).href
}

/** The direct URL of a database, in a run through a pooler. */
export function directUrlOf(url: string): string | undefined {
  const postgres = inject('postgres')
  if (postgres?.poolerPort === undefined || !url.startsWith('postgres')) return undefined
  if (new URL(url).port !== String(postgres.poolerPort)) return undefined
  return Object.assign(new URL(url), { port: new URL(postgres.adminUrl).port }).href
}

async function asAdmin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: address().adminUrl })
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

function address() {
  const postgres = inject('postgres')
  if (!postgres) throw new Error('this project runs without PostgreSQL')
  return postgres
}
