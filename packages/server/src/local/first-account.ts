import { operations, type Scope } from '@hallpass/contracts'
import { systemClock } from '../clock.js'
import { newId } from '../ids.js'
import { makeApiKey } from '../operations/admin/api-keys.js'
import { type HostOptions, withStore } from './open-local.js'

/** An account without a parent, with its first secret key. */
export interface FirstAccount {
  readonly account_id: string
  readonly name: string
  readonly tenant: string
  readonly environment: 'sandbox' | 'production'
  readonly api_key_id: string
  readonly scopes: readonly Scope[]
  /** Shown once. Not stored. */
  readonly secret: string
}

/**
 * Creates an account with its first secret key, which has full access to the account. Only with `hostScope` can the key
 * also manage what all accounts of the server share, such as signing keys.
 */
export async function createFirstAccount(
  options: HostOptions,
  input: Pick<FirstAccount, 'name' | 'tenant' | 'environment'>,
  { hostScope = false }: { readonly hostScope?: boolean } = {},
): Promise<FirstAccount> {
  const production = input.environment === 'production'
  return withStore({ ...options, production }, async ({ store, keys, record }) => {
    const account = { id: newId(systemClock), ...input }
    const scopes: Scope[] = hostScope ? ['*', 'host'] : ['*']
    const key = await store.transaction(async (tx) => {
      await tx.upsertAccount(account)
      const operation = operations['admin.accounts.create']
      await record(tx, { operation, accountId: account.id, input: { ...input, scopes }, value: account })
      return makeApiKey({ clock: systemClock, keys, store: tx }, account, { name: 'first', scopes, expiresAt: null })
    })
    return { account_id: account.id, ...input, api_key_id: key.id, scopes, secret: key.secret }
  })
}
