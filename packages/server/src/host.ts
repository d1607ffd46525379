import {
  type OperationId,
  type Operations,
  type OutputOf,
  operations,
  type ParsedInputOf,
  type Scope,
} from '@hallpass/contracts'
import { makeApiKey } from './admin/api-keys.js'
import { pageOfAudit } from './admin/audit.js'
import { findRefusals, type HistoryNeeds, pageOfRefusals } from './admin/refusals.js'
import { listSigningKeys, revokeSigningKey, rotateSigningKey } from './admin/signing-keys.js'
import { systemClock } from './clock.js'
import { type Config, loadConfig, type ServeFlags } from './config.js'
import { StartError } from './errors.js'
import { auditChange, type Change } from './execute/audit-change.js'
import { newId } from './ids.js'
import { openDataKey, parseMasterKey, sealDataKey } from './keys/master-key.js'
import { dataKeySetting, type OpenStore, openStore } from './open-store.js'
import { type KeyRing, openKeyRing } from './signing/key-ring.js'
import { requireDatabase } from './store/open-sqlite.js'
import type { Store } from './store/store.js'

/** Which database a command works on that runs on the server's own host, as `hallpass serve` is told it. */
export interface HostOptions {
  readonly flags?: Pick<ServeFlags, 'database-url' | 'signing-alg'>
  readonly env?: NodeJS.ProcessEnv
}

/** An account that has no parent, with its first secret key. */
export interface FirstAccount {
  readonly account_id: string
  readonly name: string
  readonly tenant: string
  readonly environment: 'sandbox' | 'production'
  readonly api_key_id: string
  readonly scopes: readonly Scope[]
  /** Shown once; kept nowhere. */
  readonly secret: string
}

/** Creates an account with its first secret key, which may do everything of the account and manage signing keys. */
export async function createFirstAccount(
  options: HostOptions,
  input: Pick<FirstAccount, 'name' | 'tenant' | 'environment'>,
): Promise<FirstAccount> {
  const production = input.environment === 'production'
  return withStore({ ...options, production }, async ({ store, keys }) => {
    const account = { id: newId(systemClock), ...input }
    const scopes: Scope[] = ['*', 'host']
    const key = await store.transaction(async (tx) => {
      await tx.upsertAccount(account)
      await auditOnHost(tx, 'admin.accounts.create', { accountId: account.id, input, value: account })
      return makeApiKey({ clock: systemClock, keys, store: tx }, account, { name: 'first', scopes, expiresAt: null })
    })
    return { account_id: account.id, ...input, api_key_id: key.id, scopes, secret: key.secret }
  })
}

type SigningKeys = OutputOf<Operations['admin.signingKeys.list']>

/** The signing keys of this host's database; a running server takes a change up within a second. */
export const signingKeysOnHost = {
  list: (options: HostOptions): Promise<SigningKeys> =>
    withKeyRing(options, (keyRing) => listSigningKeys.act({ keyRing })),
  rotate: (options: HostOptions) =>
    changeKeys(options, 'admin.signingKeys.rotate', {}, (needs) => rotateSigningKey.act(needs)),
  revoke: (options: HostOptions, kid: string): Promise<SigningKeys> =>
    changeKeys(options, 'admin.signingKeys.revoke', { kid }, (needs) => revokeSigningKey.act(needs, { kid })),
}

function changeKeys<T>(
  options: HostOptions,
  id: OperationId,
  input: Readonly<Record<string, unknown>>,
  change: (needs: { keyRing: KeyRing; store: Store }) => Promise<T>,
): Promise<T> {
  return withKeyRing(options, (keyRing, store) =>
    store.transaction(async (tx) => {
      const value = await change({ keyRing, store: tx })
      await auditOnHost(tx, id, { accountId: null, input, value })
      return value
    }),
  )
}

/** Whoever works on the host needs no key, and leaves an entry all the same. */
const auditOnHost = (tx: Store, id: OperationId, change: Pick<Change, 'accountId' | 'input' | 'value'>) =>
  auditChange(systemClock, tx, { operation: operations[id], by: null, ...change })

type RefusalsList = Operations['admin.refusals.list']
type AuditList = Operations['admin.audit.list']

/** What happened on this server, to whomever it happened: also what belongs to no account. */
export const historyOnHost = {
  refusal: (options: HostOptions, requestId: string): Promise<OutputOf<Operations['admin.refusals.get']>> =>
    withHistory(options, (needs) => findRefusals(needs, 'everyone', requestId)),
  refusals: (options: HostOptions, page: ParsedInputOf<RefusalsList>): Promise<OutputOf<RefusalsList>> =>
    withHistory(options, (needs) => pageOfRefusals(needs, 'everyone', page)),
  audit: (options: HostOptions, page: ParsedInputOf<AuditList>): Promise<OutputOf<AuditList>> =>
    withHistory(options, (needs) => pageOfAudit(needs, 'everyone', page)),
}

function withHistory<T>(options: HostOptions, read: (needs: HistoryNeeds) => Promise<T>): Promise<T> {
  requireDatabase(loadConfig(options.flags, options.env).databaseUrl)
  return withStore(options, ({ store, keys }) => read({ clock: systemClock, store, keys }))
}

/** Seals the data key under a new master key. Servers go on; at their next start they need the new one. */
export async function changeMasterKey(options: HostOptions, written: string): Promise<void> {
  const next = parseMasterKey(written, 'HALLPASS_NEW_MASTER_KEY')
  await withStore(options, async ({ store }, { masterKey }) => {
    const sealed = await store.findSetting(dataKeySetting)
    if (!masterKey || sealed === undefined) {
      throw new StartError('HALLPASS_MASTER_KEY must be set to the present master key')
    }
    const dataKey = openDataKey(masterKey, sealed)
    const resealed = dataKey && sealDataKey(next, dataKey, systemClock)
    if (!resealed || !(await store.replaceSetting(dataKeySetting, sealed, resealed))) {
      throw new StartError('the master key was changed by another process in the meantime')
    }
  })
}

function withKeyRing<T>(options: HostOptions, work: (keyRing: KeyRing, store: Store) => Promise<T>): Promise<T> {
  return withStore(options, async ({ store, keys }, config) =>
    work(await openKeyRing({ clock: systemClock, store, sealKey: keys.sealSigningKey, alg: config.signingAlg }), store),
  )
}

async function withStore<T>(
  options: HostOptions & { readonly production?: boolean },
  work: (open: OpenStore, config: Config) => Promise<T>,
): Promise<T> {
  const config = loadConfig(options.flags, options.env)
  const open = await openStore(config, systemClock, { exclusive: false, production: options.production ?? false })
  try {
    return await work(open, config)
  } finally {
    await open.close()
  }
}
