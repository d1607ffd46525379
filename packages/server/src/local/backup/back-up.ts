import { existsSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { systemClock } from '../../clock.js'
import { loadConfig } from '../../config.js'
import { keyFileOf } from '../../crypto/master-key.js'
import { dataKeySetting } from '../../crypto/seal-ring.js'
import { StartError } from '../../errors.js'
import { placeNewFile, replaceFile } from '../../store/place-file.js'
import { copySqlite, makeDraft, type Report, removeSqlite, sealCopy } from '../../store/sqlite/copy-sqlite.js'
import { sqlitePath } from '../../store/sqlite/open-sqlite.js'
import { peekSqlite } from '../../store/sqlite/peek-sqlite.js'
import type { HostOptions } from '../open-local.js'
import { proveMasterKey } from './prove-master-key.js'

/** What a backup says of itself. */
export interface BackupNote {
  /** RFC 3339, UTC. */
  readonly made_at: string
  /** Tells which master key it needs; tells nothing of the key itself. */
  readonly master_key_fingerprint: string
}

/** The setting in a backup that holds its {@link BackupNote}. */
export const backupSetting = 'backup'

export interface Backup extends BackupNote {
  readonly file: string
  readonly bytes: number
}

/** Copies this host's SQLite database into a new file, also while a server runs on it. The master key is not in it. */
export async function backUp(
  options: HostOptions,
  file: string,
  { force = false, report = () => {} }: { readonly force?: boolean; readonly report?: Report } = {},
): Promise<Backup> {
  const config = loadConfig(options.flags, options.env)
  const path = requireSqlite(config.databaseUrl, 'use pg_dump (docs/operations.md)')
  if (!existsSync(path)) throw new StartError(`there is no database at ${path}`)
  if (belongsTo(path, file)) throw new StartError(`${file} belongs to the database itself; name another file`)
  if (existsSync(file) && !force) throw existsAlready(file)
  const dataKey = peekSqlite(path, dataKeySetting).setting
  if (dataKey === undefined) throw new StartError(`${path} is no database of Hallpass`)
  const note: BackupNote = {
    master_key_fingerprint: proveMasterKey(config, path, { dataKey }).fingerprint,
    made_at: new Date(systemClock.now()).toISOString(),
  }
  const draft = makeDraft(file, systemClock)
  try {
    await copySqlite(path, draft, report)
    sealCopy(draft, { [backupSetting]: JSON.stringify(note) })
    if (force) replaceFile(draft, file)
    else if (!placeNewFile(draft, file)) throw existsAlready(file)
  } catch (error) {
    removeSqlite(draft)
    throw error
  }
  return { file, bytes: statSync(file).size, ...note }
}

const existsAlready = (file: string) => new StartError(`${file} exists; --force overwrites it`)

/** Whether a file is a database, or what a server has beside it, by whatever name: a running server would lose it. */
function belongsTo(database: string, file: string): boolean {
  const own = ['', '-wal', '-shm', '-journal', '.lock'].map((ending) => database + ending)
  return [...own, keyFileOf(database)].some((path) => realPath(path) === realPath(file))
}

/** Without links, also for a file that is not there yet. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync.native(path)
  const folder = dirname(resolve(path))
  return existsSync(folder) ? join(realpathSync.native(folder), basename(path)) : resolve(path)
}

/** The path of a SQLite database; refuses any other, with what to do instead. */
export function requireSqlite(databaseUrl: string, instead: string): string {
  const path = databaseUrl.startsWith('file:') ? sqlitePath(databaseUrl) : undefined
  if (path !== undefined) return path
  throw new StartError(`this is for a SQLite file, which --database-url does not name; for PostgreSQL ${instead}`)
}
