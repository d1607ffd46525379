import type { Fixture } from '@hallpass/contracts'
import type { Clock } from './clock.js'
import type { Config } from './config.js'
import { createRingSealer } from './crypto/audit-sealer.js'
import type { DerivedKeys } from './crypto/data-key-ring.js'
import { holdDataKeys, type OwnDataKeyRing } from './crypto/data-key-ring.js'
import { type ChangedRow, guardRows } from './crypto/guard-rows.js'
import { keyFileOf, newKey, readKeyFile, writeKeyFile } from './crypto/master-key.js'
import { newRing, type RingState } from './crypto/ring-state.js'
import { dataKeySetting, openRing, sealRing } from './crypto/seal-ring.js'
import type { Deadline } from './deadline.js'
import { StartError } from './errors.js'
import { auditChange } from './execute/audit-change.js'
import { changesOfImport } from './execute/record-import.js'
import { endAsOfNow } from './fixture/import-account.js'
import { type Imported, importFixture } from './fixture/import-fixture.js'
import type { OpenDatabase, SharedDatabase } from './store/database.js'
import type { AuditSealer, ChainedEntry } from './store/queries/audit-chain.js'
import { type DatabaseHandle, resolveDatabase } from './store/resolve-database.js'
import { createStore, type Store } from './store/store.js'

/** A database that is migrated, filled and known to fit this master key. */
export interface OpenStore {
  readonly store: Store
  /** The same store for a call: see `OpenDatabase.dbUntil`. */
  readonly storeUntil: (deadline: Deadline) => Store
  readonly keys: DerivedKeys & { readonly ring: OwnDataKeyRing }
  readonly auditSealer: AuditSealer
  readonly close: () => Promise<void>
  /** The result of the fixture import. */
  readonly imported: Imported | undefined
  /** The audit entries that the import added. */
  readonly recorded: readonly ChainedEntry[]
  /** Present if other servers may use the database at the same time. */
  readonly shared: SharedDatabase | undefined
  readonly readVersion: OpenDatabase['readVersion']
  /** Whether it has a production account, or the import was to add one. */
  readonly hasProductionAccount: boolean
}

interface Opening {
  /** The fixture to import once the database is open. */
  readonly fixture?: Fixture | undefined
  /** Whether production accounts are about to be added. */
  readonly production?: boolean
  /** Whether the caller needs the SQLite file for itself, as a server does. */
  readonly exclusive: boolean
  /** Called once for each secret key or client key that someone changed in the database. */
  readonly onChangedRow?: (row: ChangedRow) => void
}

/** Opens the database. Nothing in it is touched before its master key is verified. */
export async function openStore(
  config: Config,
  clock: Clock,
  { fixture, production = false, exclusive, onChangedRow }: Opening,
): Promise<OpenStore> {
  const place = resolveDatabase(config.databaseUrl, config.databaseConnections, config.databaseDirectUrl)
  try {
    if (exclusive) place.lock()
    const peeked = await place.peek(dataKeySetting)
    const hasProductionAccount = peeked.hasProductionAccount || production || hasProduction(fixture)
    const isNew = peeked.setting === undefined
    const master = findMasterKey({ config, clock, place, isNew, hasProductionAccount })
    const proved = peeked.setting === undefined ? undefined : openWith(master, peeked.setting)
    const { db, dbUntil, shared, readVersion } = await place.open()
    const settings = createStore(db)
    const state = proved ?? (await settleDataKeys(settings, master, clock))
    const ring = holdDataKeys({ clock, masterKey: master.key, store: settings }, state)
    const guard = guardRows(ring, onChangedRow)
    const store = createStore(db, guard)
    const storeUntil = (deadline: Deadline) => createStore(dbUntil(deadline), guard)
    const keys = { ...state.lookup, ring }
    const options = { overwrite: config.overwrite }
    const auditSealer = createRingSealer(ring)
    const recorded: ChainedEntry[] = []
    const imported =
      fixture &&
      (await store.transaction(async (tx) => {
        const done = await importFixture({ clock, keys, store: tx }, fixture, options)
        for (const change of changesOfImport(done)) {
          recorded.push(await auditChange({ clock, auditSealer, store: tx }, { by: null, ...change }))
        }
        return done
      }))
    if (imported) await store.transaction((tx) => endAsOfNow({ clock, store: tx }, imported.ended))
    const opened = { store, storeUntil, keys, auditSealer, shared, readVersion, hasProductionAccount }
    return { ...opened, imported, recorded, close: place.leave }
  } catch (error) {
    await place.leave()
    throw error
  }
}

interface MasterKey {
  readonly key: Buffer
  /** Its location, for messages to the operator. */
  readonly where: string
}

/** The data keys of a new database. If several processes try to create them, one succeeds. */
async function settleDataKeys(store: Store, master: MasterKey, clock: Clock): Promise<RingState> {
  const state = newRing(() => newKey(clock), clock.now())
  await store.insertSetting(dataKeySetting, sealRing(master.key, state, clock))
  return openWith(master, (await store.findSetting(dataKeySetting)) ?? '')
}

function openWith(master: MasterKey, sealed: string): RingState {
  const state = openRing(master.key, sealed)
  if (state) return state
  throw new StartError(`The master key in ${master.where} is not the key that this database was created with.`)
}

interface Sources {
  readonly config: Config
  readonly clock: Clock
  readonly place: DatabaseHandle
  readonly isNew: boolean
  readonly hasProductionAccount: boolean
}

/** The configured key, or else the key file. A new database that is only for sandboxes gets a new key. */
function findMasterKey({ config, clock, place, isNew, hasProductionAccount }: Sources): MasterKey {
  if (config.masterKey) return { key: config.masterKey, where: 'HALLPASS_MASTER_KEY' }
  if (hasProductionAccount) {
    throw new StartError('HALLPASS_MASTER_KEY must be set: a server with production accounts does not make its own.')
  }
  if (place.kind === 'postgres') {
    throw new StartError('HALLPASS_MASTER_KEY must be set: with PostgreSQL a server does not make its own.')
  }
  if (place.path === undefined) return { key: newKey(clock), where: 'memory' }
  const where = keyFileOf(place.path)
  const key = readKeyFile(where)
  if (key) return { key, where }
  if (isNew) return { key: writeKeyFile(where, clock), where }
  throw new StartError(`The master key of this database is missing: restore ${where} or set HALLPASS_MASTER_KEY.`)
}

const hasProduction = (fixture: Fixture | undefined) =>
  fixture?.accounts.some(({ environment }) => environment === 'production') ?? false
