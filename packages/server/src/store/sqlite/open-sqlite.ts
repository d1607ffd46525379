import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { StartError } from '../../errors.js'
import type { OpenDatabase } from '../database.js'
import { type Dialect, Kysely, SqliteAdapter, SqliteDialect } from '../kysely.js'
import { createPrivate } from '../place-file.js'
import type { Database } from '../schema.js'
import { createSqliteDriver } from './driver.js'
import { sqlitePath } from './sqlite-path.js'

const lockTimeoutMilliseconds = 500
/** How long opening waits for another process. Later, writes wait without blocking this process. */
const busyMilliseconds = 1_000

/** Throws if the database doesn't exist, for commands that need an existing one. */
export function requireDatabase(url: string): void {
  if (url === ':memory:')
    throw new StartError('This command needs a database in a file. A database in memory ends with its server.')
  const path = url.startsWith('file:') ? sqlitePath(url) : undefined
  if (path !== undefined && !existsSync(path)) throw new StartError(`There is no database at ${path}.`)
}

/** Opens a SQLite file (or a database in memory): WAL, every commit synced to disk. */
export function openSqlite(path: string | undefined): OpenDatabase {
  try {
    // SQLite gives its log and its shared memory the mode of the database
    if (path !== undefined) createPrivate(path)
    const sqlite = new Sqlite(path ?? ':memory:', { timeout: busyMilliseconds })
    sqlite.pragma('journal_mode = WAL')
    sqlite.pragma('synchronous = FULL')
    sqlite.pragma('foreign_keys = ON')
    // SQLite opens a file that it may not write to, and fails at the first write
    sqlite.exec('begin immediate; create table writable (x); rollback')
    sqlite.pragma('busy_timeout = 0')
    const db = new Kysely<Database>({ dialect: dialectOf(sqlite) })
    const close = async () => {
      await db.destroy()
      // otherwise destroying an unused connection leaves the file open
      sqlite.close()
    }
    const version = sqlite.prepare<[], number>('pragma data_version').pluck()
    return { db, close, readVersion: () => version.get() ?? 0 }
  } catch (error) {
    throw new StartError(`The database ${path} cannot be opened: ${error instanceof Error ? error.message : error}.`)
  }
}

function dialectOf(sqlite: Sqlite.Database): Dialect {
  // SQLite supports this although Kysely doesn't say so: an interrupted migration leaves nothing behind
  const adapter = Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true })
  return Object.assign(new SqliteDialect({ database: sqlite }), {
    createDriver: () => createSqliteDriver(sqlite),
    createAdapter: () => adapter,
  })
}

/**
 * Keeps other servers away from a SQLite file with an exclusive transaction on `<database>.lock`, until it is unlocked.
 * The operating system releases it with the process, so no lock outlives a kill -9.
 */
export function lockSqlite(path: string | undefined): () => void {
  if (path === undefined) return () => {}
  if (!existsSync(dirname(path))) throw new StartError(`The folder of the database does not exist: ${dirname(path)}.`)
  if (existsSync(path) && statSync(path).nlink > 1) {
    throw new StartError(
      `The database ${path} has several names (hard links), so it can't be locked. Keep one of them.`,
    )
  }
  const lockPath = join(dirname(path), `${basename(path)}.lock`)
  let lock: Sqlite.Database | undefined
  try {
    createPrivate(lockPath)
    // SQLite opens a file that it may not write to, and locks nothing
    accessSync(lockPath, constants.R_OK | constants.W_OK)
    lock = new Sqlite(lockPath, { timeout: lockTimeoutMilliseconds })
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock?.close()
    const busy = error instanceof Sqlite.SqliteError && error.code === 'SQLITE_BUSY'
    throw new StartError(
      busy
        ? `The database ${path} is in use by another process. Stop it first, or give this one another --database-url.`
        : `The database ${path} cannot be locked: ${error instanceof Error ? error.message : error}.`,
    )
  }
  return () => lock.close()
}
