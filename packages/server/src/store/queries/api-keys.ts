import type { Scope } from '@hallpass/contracts'
import { sql } from '../kysely.js'
import type { Page } from '../page.js'
import { guardedApiKey, inTransaction, type RowGuard } from '../row-guard.js'
import { type Scopes, scopesOf, unlessForeign } from '../scope.js'
import { type Account, toAccount } from './accounts.js'
import { guardedWrites, type ApiKeyRow as Row, setMac } from './guarded-api-key-writes.js'
import { settingQueries } from './settings.js'

/** A secret key as stored: never the secret itself. Times in milliseconds. */
export interface ApiKey {
  readonly id: string
  readonly accountId: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly disabled: boolean
  readonly createdAt: number
  readonly expiresAt: number | null
  /** A day, such as 2026-11-21. */
  readonly lastUsedOn: string | null
  /** What a list shows of the secret. Null if it is too short, or was stored before hints existed. */
  readonly hint: string | null
  /** The key that replaced it in a rotation. */
  readonly successorId: string | null
}

/** A key to store. */
export type NewApiKeyRow = Pick<ApiKey, 'id' | 'name' | 'scopes' | 'createdAt' | 'expiresAt' | 'hint'> & {
  readonly secretHash: string
  /** If absent, an existing key stays as it is and a new key is enabled. */
  readonly disabled?: boolean | undefined
}

export function apiKeyQueries(scopes: Scopes, guard: RowGuard) {
  const { forAccount, forCredential, unscoped } = scopes
  /** A row that was changed in the database counts as missing. */
  const genuine = async (row: Row | undefined) =>
    row && (await guard.isGenuine(guardedApiKey(row), settingQueries(scopes))) ? row : undefined
  const { lockedIn, change } = guardedWrites(guard)

  return {
    /** The key with this secret and its account, unless it is disabled or has expired. */
    async findApiKeyBySecret(
      secretHash: string,
      now: number,
    ): Promise<{ apiKey: ApiKey; account: Account } | undefined> {
      const named = forCredential(secretHash).selectFrom('api_keys').selectAll().where('secret_hash', '=', secretHash)
      const key = await genuine(await named.executeTakeFirst())
      if (!key || key.disabled === 1 || (key.expires_at !== null && key.expires_at <= now)) return undefined
      const owner = forAccount(key.account_id).selectFrom('accounts').selectAll().where('id', '=', key.account_id)
      const account = await owner.executeTakeFirst()
      return account && { apiKey: toApiKey(key), account: toAccount(account) }
    },

    /** The key with this secret, including a disabled or expired one: to explain a refusal, never to grant access. */
    async findApiKeyIncludingDisabled(secretHash: string): Promise<ApiKey | undefined> {
      const named = forCredential(secretHash).selectFrom('api_keys').selectAll().where('secret_hash', '=', secretHash)
      const row = await genuine(await named.executeTakeFirst())
      return row && toApiKey(row)
    },

    /** The keys of any accounts with these secrets, including disabled and expired ones, in one query. */
    async findApiKeysBySecrets(
      secretHashes: readonly string[],
    ): Promise<{ readonly secretHash: string; readonly apiKey: ApiKey }[]> {
      const rows = await unscoped.selectFrom('api_keys').selectAll().where('secret_hash', 'in', secretHashes).execute()
      return rows.map((row) => ({ secretHash: row.secret_hash, apiKey: toApiKey(row) }))
    },

    async findApiKey(accountId: string, id: string): Promise<ApiKey | undefined> {
      const query = forAccount(accountId)
        .selectFrom('api_keys')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('id', '=', id)
      const row = await genuine(await query.executeTakeFirst())
      return row && toApiKey(row)
    },

    /** A key, locked until this transaction ends. SQLite has one writer at a time anyway. */
    async lockApiKey(accountId: string, id: string): Promise<ApiKey | undefined> {
      const row = await lockedIn(forAccount(accountId), accountId, ['id', id])
      return row && toApiKey(row)
    },

    async listApiKeys(accountId: string, { after, limit }: Page): Promise<ApiKey[]> {
      const rows = await forAccount(accountId)
        .selectFrom('api_keys')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(toApiKey)
    },

    /**
     * Adds a key, or changes the given fields of the key with the same secret. False if that key belongs to another
     * account.
     */
    async upsertApiKey(accountId: string, key: NewApiKeyRow): Promise<boolean> {
      const named = key.disabled === undefined ? {} : { disabled: Number(key.disabled) }
      const values = { name: key.name, scopes: JSON.stringify(key.scopes), hint: key.hint, ...named }
      const fixed = { id: key.id, account_id: accountId, secret_hash: key.secretHash, created_at: key.createdAt }
      const added = { ...fixed, expires_at: key.expiresAt, last_used_on: null, successor_id: null, disabled: 0 }
      const write = inTransaction(forAccount(accountId), async (trx) => {
        const present = await lockedIn(trx, accountId, ['secret_hash', key.secretHash], { removeOthers: true })
        const seal = await guard.sealIn(settingQueries(scopesOf(trx)))
        const sealed = (row: Row) => seal(guardedApiKey(row).content)
        const mac = sealed({ mac: null, ...added, ...present, ...values })
        const row = await trx
          .insertInto('api_keys')
          .values({ ...added, ...values, mac })
          .onConflict((oc) =>
            oc
              .column('secret_hash')
              .doUpdateSet({ ...values, mac })
              .where('api_keys.account_id', '=', accountId),
          )
          .returningAll()
          .executeTakeFirst()
        // another call was faster, and its row was changed instead
        if (row && sealed(row) !== mac) await setMac(trx, row, sealed(row))
        return row !== undefined
      })
      return (await unlessForeign(write)) ?? false
    },

    /** The names of all keys that the account has or ever had. */
    async listApiKeyNames(accountId: string): Promise<Set<string>> {
      const rows = await forAccount(accountId)
        .selectFrom('api_keys')
        .select('name')
        .distinct()
        .where('account_id', '=', accountId)
        .execute()
      return new Set(rows.map(({ name }) => name))
    },

    /** Sets the scopes of a key. False if the account has no such key. */
    async changeApiKeyScopes(accountId: string, id: string, next: readonly Scope[]): Promise<boolean> {
      return (
        (await change(forAccount(accountId), accountId, id, () => ({ scopes: JSON.stringify(next) }))) !== undefined
      )
    },

    /** Makes a key expire at this time, unless it expires earlier. */
    async expireApiKey(accountId: string, id: string, expiresAt: number): Promise<void> {
      const earlier = ({ expires_at }: Row) => ({ expires_at: Math.min(expires_at ?? expiresAt, expiresAt) })
      await change(forAccount(accountId), accountId, id, earlier)
    },

    /** Disables a key and returns it. Undefined if the account has no such key. */
    async disableApiKey(accountId: string, id: string): Promise<ApiKey | undefined> {
      const row = await change(forAccount(accountId), accountId, id, () => ({ disabled: 1 }))
      return row && toApiKey(row)
    },

    /** Until when an active key can administer the account. 0 if there is none, Infinity if one never expires. */
    async findAdministrationEnd(accountId: string, now: number): Promise<number> {
      const row = await forAccount(accountId)
        .selectFrom('api_keys')
        .select('expires_at')
        .where('account_id', '=', accountId)
        .where('disabled', '=', 0)
        .where((eb) => eb.or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
        // scopes are a JSON list
        .where((eb) => eb.or([eb('scopes', 'like', '%"admin"%'), eb('scopes', 'like', '%"*"%')]))
        .orderBy(sql`expires_at is null`, 'desc')
        .orderBy('expires_at', 'desc')
        .limit(1)
        .executeTakeFirst()
      return row ? (row.expires_at ?? Infinity) : 0
    },

    /** Sets the key that replaces another one, if that one isn't disabled and still has the expected successor. */
    async succeedApiKey(accountId: string, key: Pick<ApiKey, 'id' | 'successorId'>, next: string): Promise<boolean> {
      const result = await forAccount(accountId)
        .updateTable('api_keys')
        .set({ successor_id: next })
        .where('account_id', '=', accountId)
        .where('id', '=', key.id)
        .where('disabled', '=', 0)
        .where('successor_id', key.successorId === null ? 'is' : '=', key.successorId)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },

    /** Notes the day of a key's last use. Only the first use of a day writes. */
    async noteApiKeyUse(accountId: string, id: string, day: string): Promise<void> {
      await forAccount(accountId)
        .updateTable('api_keys')
        .set({ last_used_on: day })
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .where((eb) => eb.or([eb('last_used_on', 'is', null), eb('last_used_on', '<', day)]))
        .execute()
    },
  }
}

function toApiKey(row: Row): ApiKey {
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    scopes: JSON.parse(row.scopes),
    disabled: row.disabled === 1,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedOn: row.last_used_on,
    hint: row.hint,
    successorId: row.successor_id,
  }
}
