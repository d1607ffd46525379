import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { StartError } from '../../errors.js'
import { boundDatabase } from '../bound-database.js'
import type { OpenDatabase } from '../database.js'
import { Kysely } from '../kysely.js'
import { createPrivate } from '../place-file.js'
import type { Database } from '../schema.js'
import { dialectOf } from './dialect.js'
import { createSqliteDriver } from './driver.js'
import { openSqliteFile } from './open-file.js'
import { createReadTurns } from './read-turn.js'
import type { Sqlite } from './sqlite.js'
import { sqlitePath } from './sqlite-path.js'

const lockTimeoutMilliseconds = 500
const lockedMilliseconds = 50
/** How long opening waits for another process. Later, writes wait without blocking this process. */
const busyMilliseconds = 1_000
/** Node's SQLite would use 2 MB, and read pages from the file again. */
const cacheKibibytes = 16_000

/** Throws if the database doesn't exist, for commands that need an existing one. */
export function requireDatabase(url: string): void {
  if (url !== ':memory:' && !url.startsWith('file:')) return
  const path = requireFile(url)
  if (!existsSync(path))
    throw new StartError(`There is no database at ${path}. Name yours with --database-url (HALLPASS_DATABASE_URL).`)
}

/** The path of a SQLite database that outlives its server. */
export function requireFile(url: string): string {
  const path = sqlitePath(url)
  if (path !== undefined) return path
  throw new StartError('This command needs a database in a file. A database in memory ends with its server.')
}

interface SqliteDatabase extends OpenDatabase {
  /**
   * Keeps what a transaction needs to be undone in memory. The pages of each transaction went to a temporary file once
   * those of a commit were more than 64 KiB, with two system calls a page: a tenth of a revocation. Call it once the
   * database is migrated, because a migration may change more pages than there is memory for.
   */
  readonly undoInMemory: () => void
}

/** Opens a SQLite file (or a database in memory): WAL, every commit synced to disk. */
export function openSqlite(path: string | undefined): SqliteDatabase {
  try {
    // SQLite gives its log and its shared memory the mode of the database
    if (path !== undefined) createPrivate(path)
    const sqlite = openSqliteFile(path ?? ':memory:', { busyMilliseconds })
    sqlite.exec(`pragma journal_mode = WAL; pragma synchronous = FULL; pragma foreign_keys = ON`)
    sqlite.exec(`pragma cache_size = -${cacheKibibytes}`)
    // SQLite opens a file that it may not write to, and fails at the first write
    sqlite.exec('begin immediate; create table writable (x); rollback')
    sqlite.exec('pragma busy_timeout = 0')
    const reads = createReadTurns(sqlite)
    const driver = createSqliteDriver(sqlite, reads)
    const db = new Kysely<Database>({ dialect: dialectOf(driver) })
    const dbUntil: OpenDatabase['dbUntil'] = (deadline) =>
      boundDatabase({ dialect: dialectOf(driver, deadline), driver, acquire: async () => driver.connect(deadline) })
    const close = async () => {
      await db.destroy()
      reads.end()
      // otherwise destroying an unused connection leaves the file open
      sqlite.close()
    }
    const version = sqlite.prepare('pragma data_version')
    // the one row of this pragma
    const readVersion = reads.onceATurn(() => (version.all() as { data_version: number }[])[0]?.data_version ?? 0)
    const undoInMemory = () => {
      reads.end()
      sqlite.exec('pragma temp_store = MEMORY')
    }
    return { db, dbUntil, close, readVersion, undoInMemory }
  } catch (error) {
    if (error instanceof StartError) throw error
    const why = error instanceof Error ? error.message : error
    throw new StartError(`The database ${path} cannot be opened: ${why}.`, { cause: error })
  }
}

/**
 * Opens a SQLite file again if it was locked. Opening waits for a write of another process, but a write of this one ends
 * only when its own code runs again.
 */
export async function openUnlocked(path: string | undefined): Promise<SqliteDatabase> {
  try {
    return openSqlite(path)
  } catch (error) {
    if (!(error instanceof StartError && isBusy(error.cause))) throw error
    await delay(lockedMilliseconds)
    return openSqlite(path)
  }
}

const isBusy = (error: unknown) => error instanceof Error && 'code' in error && error.code === 'SQLITE_BUSY'

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
  let lock: Sqlite | undefined
  try {
    createPrivate(lockPath)
    // SQLite opens a file that it may not write to, and locks nothing
    accessSync(lockPath, constants.R_OK | constants.W_OK)
    lock = openSqliteFile(lockPath, { busyMilliseconds: lockTimeoutMilliseconds })
    lock.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    lock?.close()
    if (error instanceof StartError) throw error
    throw new StartError(
      isBusy(error)
        ? `The database ${path} is in use by another process. Stop it first, or use another database: --database-url, or --data of hallpass dev.`
        : `The database ${path} cannot be locked: ${error instanceof Error ? error.message : error}.`,
    )
  }
  return () => lock.close()
}
