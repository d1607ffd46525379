import type { Scope } from '@hallpass/contracts'
import { makeApiKey } from './admin/api-keys.js'
import { systemClock } from './clock.js'
import { type Config, loadConfig, type ServeFlags } from './config.js'
import { StartError } from './errors.js'
import { newId } from './ids.js'
import { openDataKey, parseMasterKey, sealDataKey } from './keys/master-key.js'
import { dataKeySetting, type OpenStore, openStore } from './open-store.js'
import { type KeyRing, openKeyRing } from './signing/key-ring.js'

/** Which database a host command works on, as `hallpass serve` is told it. */
export interface HostOptions {
  readonly flags?: Pick<ServeFlags, 'database-url' | 'signing-alg'>
  readonly env?: NodeJS.ProcessEnv
}

/** An account that has no parent, and its first secret key. */
export interface FirstAccount {
  readonly account_id: string
  readonly tenant: string
  readonly environment: 'sandbox' | 'production'
  readonly api_key_id: string
  /** Shown once; kept nowhere. */
  readonly secret: string
}

/** Creates an account with a first secret key; `host` lets that key manage signing keys too. */
export async function createFirstAccount(
  options: HostOptions,
  input: { name: string; tenant: string; environment: 'sandbox' | 'production'; host: boolean },
): Promise<FirstAccount> {
  return withStore(options, async ({ store, keys }, config) => {
    if (input.environment === 'production' && !config.masterKey) {
      throw new StartError('HALLPASS_MASTER_KEY must be set: a server with production accounts does not make its own')
    }
    const { name, tenant, environment } = input
    const id = newId(systemClock)
    const granted: Scope[] = input.host ? ['*', 'host'] : ['*']
    const key = await store.transaction(async (tx) => {
      await tx.upsertAccount({ id, name, tenant, environment })
      const needs = { clock: systemClock, keys, store: tx }
      return makeApiKey(needs, { id, environment }, { name: 'first', scopes: granted, expiresAt: null })
    })
    return { account_id: id, tenant, environment, api_key_id: key.id, secret: key.secret }
  })
}

/** Works on the signing keys; a running server takes the change up within a second. */
export async function manageSigningKeys<T>(options: HostOptions, work: (keyRing: KeyRing) => Promise<T>): Promise<T> {
  return withStore(options, async ({ store, keys }, config) =>
    work(await openKeyRing({ clock: systemClock, store, sealKey: keys.sealSigningKey, alg: config.signingAlg })),
  )
}

/** Seals the data key under a new master key. Servers go on; at their next start they need the new one. */
export async function changeMasterKey(options: HostOptions, written: string): Promise<void> {
  const next = parseMasterKey(written, 'HALLPASS_NEW_MASTER_KEY')
  await withStore(options, async ({ store }, { masterKey }) => {
    const sealed = await store.findSetting(dataKeySetting)
    if (!masterKey || sealed === undefined)
      throw new StartError('HALLPASS_MASTER_KEY must be set to the present master key')
    const dataKey = openDataKey(masterKey, sealed)
    const resealed = dataKey && sealDataKey(next, dataKey, systemClock)
    if (!resealed || !(await store.replaceSetting(dataKeySetting, sealed, resealed))) {
      throw new StartError('the master key was changed by another process in the meantime')
    }
  })
}

async function withStore<T>(options: HostOptions, work: (open: OpenStore, config: Config) => Promise<T>): Promise<T> {
  const config = loadConfig(options.flags, options.env)
  const open = await openStore(config, systemClock, { exclusive: false })
  try {
    return await work(open, config)
  } finally {
    await open.close()
  }
}
