import type { Scope } from '@hallpass/contracts'
import { systemClock } from '../clock.js'
import { StartError } from '../errors.js'
import { makeApiKey } from '../operations/admin/api-keys.js'
import type { Store } from '../store/store.js'
import { type HostOptions, withDatabase } from './open-local.js'

/** A new secret key for an account that has lost all its administrative keys. */
export interface RecoveredKey {
  readonly account_id: string
  readonly api_key_id: string
  readonly scopes: readonly Scope[]
  /** Shown once. Not stored. */
  readonly secret: string
}

interface Recovery {
  readonly accountId: string
  /** Whether the key can also manage what all accounts of the server share. */
  readonly hostScope?: boolean
}

/** How many accounts an error lists. */
const namedAccounts = 20

/**
 * Creates a key with full access to an account. Needs the database and its master key, and no other key. Running
 * servers accept it at once.
 */
export function recoverApiKey(options: HostOptions, { accountId, hostScope = false }: Recovery): Promise<RecoveredKey> {
  const scopes: Scope[] = hostScope ? ['*', 'host'] : ['*']
  return withDatabase(options, ({ store, keys, record }) =>
    store.transaction(async (tx) => {
      const account = await tx.findAccount(accountId)
      if (!account) throw await unknownAccount(tx)
      const key = { name: 'recovery', scopes, expiresAt: null }
      const { id, secret } = await makeApiKey({ clock: systemClock, keys, store: tx }, account, key)
      const input = { name: key.name, scopes }
      const operation = { id: 'apiKeys.recover' } as const
      await record(tx, { operation, accountId, input, value: { id } })
      return { account_id: accountId, api_key_id: id, scopes, secret }
    }),
  )
}

/** If every key is lost, the account's id may be unknown too. */
async function unknownAccount(store: Pick<Store, 'listEveryAccount'>): Promise<StartError> {
  const accounts = await store.listEveryAccount({ after: '', limit: namedAccounts + 1 })
  if (accounts.length === 0)
    return new StartError('This database has no accounts. Create one with `hallpass accounts create`.')
  const names = accounts.slice(0, namedAccounts).map(({ id, name }) => `${id} (${JSON.stringify(name)})`)
  if (accounts.length > namedAccounts) names.push('and others, which `hallpass fixture export` lists')
  return new StartError(`--account must be the id of an account of this database: ${names.join(', ')}.`)
}
