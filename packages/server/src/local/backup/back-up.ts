import { existsSync, realpathSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { systemClock } from '../../clock.js'
import { type Config, loadConfig } from '../../config.js'
import { keyFileOf } from '../../crypto/master-key.js'
import { dataKeySetting } from '../../crypto/seal-ring.js'
import { StartError } from '../../errors.js'
import { placeNewFile, replaceFile } from '../../store/place-file.js'
import { isPostgresUrl, resolveDatabase } from '../../store/resolve-database.js'
import { copySqlite, makeDraft, type Report, removeSqlite, sealCopy } from '../../store/sqlite/copy-sqlite.js'
import { requireFile } from '../../store/sqlite/open-sqlite.js'
import { peekSqlite } from '../../store/sqlite/peek-sqlite.js'
import type { HostOptions } from '../open-local.js'
import { proveMasterKey } from './prove-master-key.js'

/** The description stored in a backup. */
export interface BackupNote {
  /** RFC 3339, UTC. */
  readonly made_at: string
  /** Identifies the master key that it needs, without revealing anything about the key. */
  readonly master_key_fingerprint: string
}

/** The setting in a backup that contains its {@link BackupNote}. */
export const backupSetting = 'backup'

export interface Backup extends BackupNote {
  readonly file: string
  readonly bytes: number
}

/**
 * Copies a database into a new file, even while servers use it. The copy doesn't contain the master key. Of PostgreSQL, it
 * is a dump for pg_restore.
 */
export async function backUp(
  options: HostOptions,
  file: string,
  { force = false, report = () => {} }: { readonly force?: boolean; readonly report?: Report } = {},
): Promise<Backup> {
  const config = loadConfig(options.flags, options.env)
  if (isPostgresUrl(config.databaseUrl)) return backUpPostgres(config, file, { env: options.env ?? {}, force })
  const path = requireFile(config.databaseUrl)
  if (!existsSync(path))
    throw new StartError(`There is no database at ${path}. Name yours with --database-url (HALLPASS_DATABASE_URL).`)
  if (belongsTo(path, file)) throw new StartError(`${file} belongs to the database itself. Choose another file.`)
  if (existsSync(file) && !force) throw existsAlready(file)
  const dataKey = peekSqlite(path, dataKeySetting).setting
  if (dataKey === undefined) throw new StartError(`${path} is not a Hallpass database.`)
  const note: BackupNote = {
    master_key_fingerprint: proveMasterKey(config, path, { dataKey }).fingerprint,
    made_at: new Date(systemClock.now()).toISOString(),
  }
  const draft = makeDraft(file, systemClock)
  try {
    await copySqlite(path, draft, report)
    sealCopy(draft, { [backupSetting]: JSON.stringify(note) })
    place(draft, file, force)
  } catch (error) {
    removeSqlite(draft)
    throw error
  }
  return { file, bytes: statSync(file).size, ...note }
}

/** The programs of PostgreSQL are needed, and its driver is loaded only then. */
async function backUpPostgres(
  config: Config,
  file: string,
  { env, force }: { readonly env: NodeJS.ProcessEnv; readonly force: boolean },
): Promise<Backup> {
  if (existsSync(file) && !force) throw existsAlready(file)
  const handle = resolveDatabase(config.databaseUrl, 1, config.databaseDirectUrl)
  const { setting: dataKey } = await handle.peek(dataKeySetting).finally(handle.leave)
  if (dataKey === undefined) throw new StartError('The database is not a Hallpass database.')
  const { fingerprint } = proveMasterKey(config, undefined, { dataKey })
  const { dumpPostgres } = await import('../../store/postgres/dump-postgres.js')
  const draft = makeDraft(file, systemClock)
  const made_at = new Date(systemClock.now()).toISOString()
  try {
    await dumpPostgres(config.databaseDirectUrl ?? config.databaseUrl, draft, env)
    place(draft, file, force)
  } finally {
    rmSync(draft, { force: true })
  }
  return { file, bytes: statSync(file).size, master_key_fingerprint: fingerprint, made_at }
}

function place(draft: string, file: string, force: boolean): void {
  if (force) replaceFile(draft, file)
  else if (!placeNewFile(draft, file)) throw existsAlready(file)
}

const existsAlready = (file: string) => new StartError(`${file} already exists. Use --force to overwrite it.`)

/** Whether a file is a database or one of the files next to it, by any name: a running server would lose it. */
function belongsTo(database: string, file: string): boolean {
  const own = ['', '-wal', '-shm', '-journal', '.lock'].map((ending) => database + ending)
  return [...own, keyFileOf(database)].some((path) => realPath(path) === realPath(file))
}

/** The path without links, even for a file that doesn't exist yet. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync.native(path)
  const folder = dirname(resolve(path))
  return existsSync(folder) ? join(realpathSync.native(folder), basename(path)) : resolve(path)
}
