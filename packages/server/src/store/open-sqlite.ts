import { existsSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import Sqlite from 'better-sqlite3'
import { Kysely, SqliteDialect } from 'kysely'
import { StartError } from '../errors.js'
import type { Database } from './schema.js'

/** An open database and the way to close it. */
export interface OpenDatabase {
  readonly db: Kysely<Database>
  readonly close: () => Promise<void>
}

const lockPatienceMilliseconds = 500

/** The absolute path of a `file:` URL, or undefined for `:memory:`. */
export function sqlitePath(url: string): string | undefined {
  if (url === ':memory:') return undefined
  if (url.startsWith('file://')) return fileURLToPath(url)
  const path = resolve(url.slice('file:'.length))
  return existsSync(path) ? realpathSync(path) : path
}

/**
 * Opens a SQLite file (or memory): WAL, every commit synced to disk. `exclusive` keeps other servers out for as long as it
 * is open; a command that runs beside a server for a moment does not ask for it.
 */
export function openSqlite(path: string | undefined, { exclusive }: { readonly exclusive: boolean }): OpenDatabase {
  if (path !== undefined && !existsSync(dirname(path))) {
    throw new StartError(`the folder of the database does not exist: ${dirname(path)}`)
  }
  const unlock = path === undefined || !exclusive ? () => {} : lockFile(path)
  try {
    const sqlite = new Sqlite(path ?? ':memory:')
    sqlite.pragma('journal_mode = WAL')
    sqlite.pragma('synchronous = FULL')
    sqlite.pragma('foreign_keys = ON')
    const db = new Kysely<Database>({ dialect: new SqliteDialect({ database: sqlite }) })
    return {
      db,
      close: async () => {
        await db.destroy()
        unlock()
      },
    }
  } catch (error) {
    unlock()
    throw new StartError(`the database ${path} cannot be opened: ${error instanceof Error ? error.message : error}`)
  }
}

/**
 * Holds an exclusive transaction on `<database>.lock` for the life of the process.
 * The operating system drops it with the process, so no lock outlives a kill -9.
 */
function lockFile(path: string): () => void {
  const lockPath = join(dirname(path), `${basename(path)}.lock`)
  let lock: Sqlite.Database | undefined
  try {
    lock = new Sqlite(lockPath, { timeout: lockPatienceMilliseconds })
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock?.close()
    const busy = error instanceof Sqlite.SqliteError && error.code === 'SQLITE_BUSY'
    throw new StartError(
      busy
        ? `the database ${path} is in use by another process; stop it first, or give this one another --database-url`
        : `the database ${path} cannot be locked: ${error instanceof Error ? error.message : error}`,
    )
  }
  return () => lock.close()
}
