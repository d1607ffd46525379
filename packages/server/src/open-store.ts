import type { Fixture } from '@hallpass/contracts'
import { importFixture } from './admin/import-fixture.js'
import type { Clock } from './clock.js'
import type { Config } from './config.js'
import { StartError } from './errors.js'
import { type DerivedKeys, deriveKeys } from './keys/derive-keys.js'
import { keyFileOf, newKey, openDataKey, readKeyFile, sealDataKey, writeKeyFile } from './keys/master-key.js'
import { migrate } from './store/migrations.js'
import { lockSqlite, openSqlite, sqlitePath } from './store/open-sqlite.js'
import { type Peeked, peekSqlite } from './store/peek-sqlite.js'
import { createStore, type Store } from './store/store.js'

/** Where the sealed data key lies. */
export const dataKeySetting = 'data_key'

/** A database that is migrated, filled and known to belong to this master key. */
export interface OpenStore {
  readonly store: Store
  readonly keys: DerivedKeys
  readonly close: () => Promise<void>
}

interface Opening {
  /** Imported once the database is open. */
  readonly fixture?: Fixture | undefined
  /** Whether production accounts are about to be added. */
  readonly production?: boolean
  /** For a server, which has its SQLite file to itself. */
  readonly exclusive: boolean
}

/** Opens the database. Nothing in it is touched before its master key has proved right. */
export async function openStore(
  config: Config,
  clock: Clock,
  { fixture, production = false, exclusive }: Opening,
): Promise<OpenStore> {
  const path = sqlitePath(config.databaseUrl)
  const unlock = exclusive ? lockSqlite(path) : () => {}
  try {
    const peeked = peekSqlite(path, dataKeySetting)
    const dataKey = findDataKey({ config, clock, path, production: production || hasProduction(fixture), peeked })
    const database = openSqlite(path)
    const close = async () => {
      await database.close()
      unlock()
    }
    try {
      const store = createStore(database.db)
      await migrate(database.db)
      await store.insertSetting(dataKeySetting, dataKey.sealed)
      const keys = deriveKeys(dataKey.key)
      if (fixture) await importFixture({ clock, keys, store }, fixture)
      return { store, keys, close }
    } catch (error) {
      await close()
      throw error
    }
  } catch (error) {
    unlock()
    throw error
  }
}

interface Sources {
  readonly config: Config
  readonly clock: Clock
  readonly path: string | undefined
  readonly production: boolean
  readonly peeked: Peeked
}

/** The database's data key, opened with the master key; a new one for a new database. */
function findDataKey(sources: Sources): { key: Buffer; sealed: string } {
  const sealed = sources.peeked.setting
  const master = findMasterKey(sources)
  if (sealed === undefined) {
    const key = newKey(sources.clock)
    return { key, sealed: sealDataKey(master.key, key, sources.clock) }
  }
  const key = openDataKey(master.key, sealed)
  if (key) return { key, sealed }
  throw new StartError(`the master key in ${master.where} is not the one this database was made with`)
}

/** The configured key; else the key file; else, for a new database that is for sandboxes only, a new one. */
function findMasterKey({ config, clock, path, production, peeked }: Sources): { key: Buffer; where: string } {
  if (config.masterKey) return { key: config.masterKey, where: 'HALLPASS_MASTER_KEY' }
  if (production || peeked.hasProductionAccount) {
    throw new StartError('HALLPASS_MASTER_KEY must be set: a server with production accounts does not make its own')
  }
  if (path === undefined) return { key: newKey(clock), where: 'memory' }
  const where = keyFileOf(path)
  const key = readKeyFile(where)
  if (key) return { key, where }
  if (peeked.setting === undefined) return { key: writeKeyFile(where, clock), where }
  throw new StartError(`the master key of this database is missing: restore ${where} or set HALLPASS_MASTER_KEY`)
}

const hasProduction = (fixture: Fixture | undefined) =>
  fixture?.accounts.some(({ environment }) => environment === 'production') ?? false
