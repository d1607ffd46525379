import type { Fixture } from '@hallpass/contracts'
import { importFixture } from './admin/import-fixture.js'
import type { Clock } from './clock.js'
import type { Config } from './config.js'
import { StartError } from './errors.js'
import { type DerivedKeys, deriveKeys } from './keys/derive-keys.js'
import { isMasterKeyOf, keyFileOf, masterKeyCheck, newMasterKey, readKeyFile, writeKeyFile } from './keys/master-key.js'
import { migrate } from './store/migrations.js'
import { type OpenDatabase, openSqlite, sqlitePath } from './store/open-sqlite.js'
import { createStore, type Store } from './store/store.js'

const checkSetting = 'master_key_check'

/** A database that is migrated, filled and known to belong to this master key. */
export interface OpenStore {
  readonly store: Store
  readonly keys: DerivedKeys
  readonly close: () => Promise<void>
}

/** Opens the database. Nothing in it is touched before its master key has proved right. */
export async function openStore(config: Config, clock: Clock, fixture: Fixture | undefined): Promise<OpenStore> {
  const path = sqlitePath(config.databaseUrl)
  const database = openSqlite(path)
  try {
    const store = createStore(database.db)
    const keys = deriveKeys(await findMasterKey({ config, clock, store, path, fixture }))
    await prepare(database, { store, keys, clock, fixture })
    return { store, keys, close: database.close }
  } catch (error) {
    await database.close()
    throw error
  }
}

interface Sources {
  readonly config: Config
  readonly clock: Clock
  readonly store: Store
  readonly path: string | undefined
  readonly fixture: Fixture | undefined
}

/** The configured key; else the key file; else, for a new database that is for sandboxes only, a new one. */
async function findMasterKey({ config, clock, store, path, fixture }: Sources): Promise<Buffer> {
  const check = await store.findSetting(checkSetting)
  if (config.masterKey) return proved(config.masterKey, check, 'HALLPASS_MASTER_KEY')
  const isNew = check === undefined
  if (fixture?.accounts.some(isProduction) || (!isNew && (await store.hasProductionAccount()))) {
    throw new StartError('HALLPASS_MASTER_KEY must be set: a server with production accounts does not make its own')
  }
  if (path === undefined) return newMasterKey(clock)
  const file = keyFileOf(path)
  const key = readKeyFile(file)
  if (key) return proved(key, check, file)
  if (isNew) return writeKeyFile(file, clock)
  throw new StartError(`the master key of this database is missing: restore ${file} or set HALLPASS_MASTER_KEY`)
}

function proved(key: Buffer, check: string | undefined, where: string): Buffer {
  if (check === undefined || isMasterKeyOf(check, deriveKeys(key))) return key
  throw new StartError(`the master key in ${where} is not the one this database was made with`)
}

async function prepare(
  { db }: OpenDatabase,
  needs: { store: Store; keys: DerivedKeys; clock: Clock; fixture: Fixture | undefined },
): Promise<void> {
  await migrate(db)
  await needs.store.insertSetting(checkSetting, masterKeyCheck(needs.keys))
  if (needs.fixture) await importFixture(needs, needs.fixture)
}

const isProduction = (account: Fixture['accounts'][number]) => account.environment === 'production'
