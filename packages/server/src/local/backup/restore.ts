import { existsSync } from 'node:fs'
import { systemClock } from '../../clock.js'
import { type Config, loadConfig } from '../../config.js'
import { createRingSealer } from '../../crypto/audit-sealer.js'
import { holdDataKeys } from '../../crypto/data-key-ring.js'
import { dataKeySetting } from '../../crypto/seal-ring.js'
import { maxSkewMilliseconds } from '../../database-clock.js'
import { StartError } from '../../errors.js'
import { type AuditDeps, auditChange } from '../../execute/audit-change.js'
import { openStore } from '../../open-store.js'
import { notedMilliseconds } from '../../process-clock.js'
import { migrate } from '../../store/migrations/migrate.js'
import { readTime } from '../../store/postgres/read-time.js'
import { isPostgresUrl } from '../../store/resolve-database.js'
import {
  copySqlite,
  findDamage,
  makeDraft,
  placeNewSqlite,
  type Report,
  removeSqlite,
  replaceSqlite,
  sealCopy,
} from '../../store/sqlite/copy-sqlite.js'
import { lockSqlite, openSqlite, requireDatabase, requireFile } from '../../store/sqlite/open-sqlite.js'
import { peekLatestTime, peekSqlite } from '../../store/sqlite/peek-sqlite.js'
import { createStore } from '../../store/store.js'
import type { HostOptions } from '../open-local.js'
import { type BackupNote, backupSetting } from './back-up.js'
import { type ProvedMasterKey, proveMasterKey } from './prove-master-key.js'

/** The result of a restore. Times are RFC 3339, UTC. */
export interface Restored {
  /** Everything issued up to this time is invalid. */
  readonly restored_at: string
  /** When the backup was made. Undefined if the backup doesn't say. */
  readonly made_at: string | undefined
}

/**
 * Replaces this host's SQLite database with a backup, or fills an empty PostgreSQL database from one. Redemptions and
 * revocations made after the backup are lost, so everything issued before the restore is invalidated.
 */
export async function restore(
  options: HostOptions,
  file: string,
  { force = false, report = () => {} }: { readonly force?: boolean; readonly report?: Report } = {},
): Promise<Restored> {
  const config = loadConfig(options.flags, options.env)
  if (isPostgresUrl(config.databaseUrl)) return restorePostgres(options, config, file)
  const path = requireFile(config.databaseUrl)
  const { dataKey, note } = readBackup(file)
  const unlock = lockSqlite(path)
  let draft: string | undefined
  try {
    if (existsSync(path) && !force) throw existsAlready(path)
    const master = proveMasterKey(config, path, { dataKey, fingerprint: note?.master_key_fingerprint })
    draft = makeDraft(path, systemClock)
    await copySqlite(file, draft, report)
    const now = Math.max(systemClock.now(), Date.parse(note?.made_at ?? '') || 0)
    // servers on the replaced database may have been ahead of this machine's clock
    const used = peekLatestTime(path)
    const restoredAt = await markDatabase(draft, { master, restoredAt: lastUse(now, used), madeAt: note?.made_at })
    sealCopy(draft, { [backupSetting]: undefined })
    if (force) replaceSqlite(draft, path)
    else if (!placeNewSqlite(draft, path)) throw existsAlready(path)
    return { restored_at: new Date(restoredAt).toISOString(), made_at: note?.made_at }
  } finally {
    if (draft !== undefined) removeSqlite(draft)
    unlock()
  }
}

async function restorePostgres(options: HostOptions, config: Config, file: string): Promise<Restored> {
  requireBackup(file)
  const env = options.env ?? {}
  const { readDumpedSetting, restoreDump } = await import('../../store/postgres/restore-dump.js')
  const dataKey = await readDumpedSetting(file, dataKeySetting, env)
  if (dataKey === undefined) throw notABackup(file)
  proveMasterKey(config, undefined, { dataKey })
  await restoreDump(config.databaseDirectUrl ?? config.databaseUrl, file, env)
  return markRestored(options)
}

const existsAlready = (path: string) =>
  new StartError(`The database ${path} already exists. Use --force to replace it.`)

/** Invalidates everything issued before now, in a database that was restored by other means. Servers may run. */
export async function markRestored(options: HostOptions): Promise<Restored> {
  const config = loadConfig(options.flags, options.env)
  requireDatabase(config.databaseUrl)
  const { store, auditSealer, shared, close } = await openStore(config, systemClock, { exclusive: false })
  try {
    // a replica's clock may be ahead by this much, so tokens may have been issued up to then
    const now = shared ? (await readTime(shared)) + maxSkewMilliseconds : systemClock.now()
    const restoredAt = Math.max(now, (await store.findLatestTime()) ?? 0)
    await store.transaction(async (tx) => {
      await tx.markRestored(restoredAt)
      await recordRestore('restore.mark', { store: tx, auditSealer }, { restoredAt, madeAt: undefined })
    })
    return { restored_at: new Date(restoredAt).toISOString(), made_at: undefined }
  } finally {
    await close()
  }
}

/** Checks a backup before anything is changed. */
function readBackup(file: string): { dataKey: string; note: BackupNote | undefined } {
  requireBackup(file)
  const damage = findDamage(file)
  if (damage !== undefined) throw new StartError(`The backup ${file} cannot be used: ${damage}.`)
  const dataKey = peekSqlite(file, dataKeySetting).setting
  if (dataKey === undefined) throw notABackup(file)
  const note = peekSqlite(file, backupSetting).setting
  return { dataKey, note: note === undefined ? undefined : JSON.parse(note) }
}

function requireBackup(file: string): void {
  if (!existsSync(file)) throw new StartError(`There is no backup at ${file}.`)
}

const notABackup = (file: string) => new StartError(`${file} is not a backup of a Hallpass database.`)

interface Mark {
  readonly master: ProvedMasterKey
  readonly restoredAt: number
  readonly madeAt: string | undefined
}

/** A server that was ahead of this machine's clock may have used this much more time than it noted. Milliseconds. */
const lastUse = (now: number, noted: number) => (noted > now ? noted + notedMilliseconds : now)

/**
 * Returns the time up to which everything is invalidated: servers may have been ahead of this machine's clock. The next
 * server continues from this time, so that its new tokens aren't invalidated too.
 */
async function markDatabase(path: string, { master, restoredAt: now, madeAt }: Mark): Promise<number> {
  const { db, close } = openSqlite(path)
  try {
    await migrate(db)
    const store = createStore(db)
    const restoredAt = lastUse(now, (await store.findLatestTime()) ?? 0)
    const ring = holdDataKeys({ clock: systemClock, masterKey: master.key, store }, master.ring)
    await store.transaction(async (tx) => {
      await tx.markRestored(restoredAt)
      await tx.noteLatestTime(restoredAt)
      await recordRestore('backup.restore', { store: tx, auditSealer: createRingSealer(ring) }, { restoredAt, madeAt })
    })
    return restoredAt
  } finally {
    await close()
  }
}

async function recordRestore(
  id: 'backup.restore' | 'restore.mark',
  deps: Pick<AuditDeps, 'store' | 'auditSealer'>,
  { restoredAt, madeAt }: Omit<Mark, 'master'>,
): Promise<void> {
  const input = {
    restored_at: new Date(restoredAt).toISOString(),
    ...(madeAt === undefined ? {} : { made_at: madeAt }),
  }
  const change = { operation: { id }, by: null, accountId: null, input, value: {} } as const
  await auditChange({ clock: systemClock, ...deps }, change)
}
