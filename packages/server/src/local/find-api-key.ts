import { systemClock } from '../clock.js'
import { keyedHash } from '../crypto/keyed-hash.js'
import { hintOf } from '../crypto/secret-key.js'
import { StartError } from '../errors.js'
import type { Account } from '../store/queries/accounts.js'
import { type HostOptions, withDatabase } from './open-local.js'

/** The secret key behind a secret, without the secret. */
export interface FoundApiKey {
  readonly account_id: string
  readonly account_name: string
  readonly tenant: string
  readonly environment: Account['environment']
  readonly api_key_id: string
  readonly name: string
  readonly state: 'active' | 'disabled' | 'expired'
  readonly hint: string | null
  readonly last_used_on: string | null
}

/** Finds the key of a secret, including disabled and expired keys. Undefined if no account of this server has it. */
export function findApiKeyOnHost(options: HostOptions, secret: string): Promise<FoundApiKey | undefined> {
  return withDatabase(options, async ({ store, keys }) => {
    const apiKey = await store.findApiKeyIncludingDisabled(keyedHash(keys.apiKeyHash, secret))
    if (!apiKey) return undefined
    const account = await store.findAccount(apiKey.accountId)
    if (!account) throw new StartError(`The account ${apiKey.accountId} of this key is missing.`)
    const isExpired = apiKey.expiresAt !== null && apiKey.expiresAt <= systemClock.now()
    return {
      account_id: account.id,
      account_name: account.name,
      tenant: account.tenant,
      environment: account.environment,
      api_key_id: apiKey.id,
      name: apiKey.name,
      state: apiKey.disabled ? 'disabled' : isExpired ? 'expired' : 'active',
      // keys from before hints existed have none stored
      hint: apiKey.hint ?? hintOf(secret),
      last_used_on: apiKey.lastUsedOn,
    }
  })
}
