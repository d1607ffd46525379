import {
  type AllowlistRule,
  type ClientKeyPatch,
  parseAllowlistEntry,
  type SessionTokenForm,
  type TrustedIssuer,
  type WidgetConfig,
} from '@hallpass/contracts'
import { lifetimeOfScope } from '../feed-lifetimes.js'
import type { Kysely } from '../kysely.js'
import type { Page } from '../page.js'
import { guardedClientKey, inTransaction, type RowGuard } from '../row-guard.js'
import type { Database } from '../schema.js'
import { isPostgres, type Scopes, scopesOf, unlessForeign } from '../scope.js'
import {
  columnsOf,
  disabledSince,
  type NewClientKey,
  type ClientKeyRow as Row,
  rowOf,
  settingsOf,
} from './client-key-columns.js'
import { countName } from './revocation-counts.js'
import { settingQueries } from './settings.js'

/** A public client key with its permissions and its appearance. */
export interface ClientKey {
  readonly id: string
  readonly accountId: string
  readonly name: string
  /** Also true if its account is disabled. */
  readonly disabled: boolean
  readonly isAccountDisabled: boolean
  /** Whether the key itself is disabled, whatever the state of its account. */
  readonly isKeyDisabled: boolean
  readonly allowlist: readonly AllowlistRule[]
  /** Per address. 0 means no limit. */
  readonly guestPerMinute: number
  /** Over all addresses. 0 means no limit, and undefined a multiple of the limit per address. */
  readonly guestPerMinuteTotal: number | undefined
  /** Whether new sessions are bound to a key of the browser. */
  readonly bind: 'off' | 'prefer' | 'require'
  /** How session tokens are made out, if not in the standard form. */
  readonly sessionToken: SessionTokenForm | undefined
  /** The identity providers whose tokens begin sessions. */
  readonly trustedIssuers: readonly TrustedIssuer[]
  /** When observe mode ends, in milliseconds. Undefined if it is off. */
  readonly observeUntil: number | undefined
  readonly config: WidgetConfig
}

/** The default for a client key without its own value. */
export const defaultGuestPerMinute = 60

export function clientKeyQueries(scopes: Scopes, guard: RowGuard) {
  const { forAccount, forCredential } = scopes
  /** A row that was changed in the database counts as missing. */
  const genuine = async (row: Row | undefined) =>
    row && (await guard.isGenuine(guardedClientKey(row), settingQueries(scopes))) ? row : undefined
  /** The key with the state of its account, which a key can't outlive. */
  const withAccount = async (row: Row | undefined) => {
    if (!row) return undefined
    const owner = forAccount(row.account_id).selectFrom('accounts').select('disabled_at')
    const account = await owner.where('id', '=', row.account_id).executeTakeFirst()
    return toClientKey(row, { isAccountDisabled: account !== undefined && account.disabled_at !== null })
  }

  return {
    /**
     * A client key by its public name, unless it or its account is disabled. `evenStale`: returns the last known one if the database
     * is down.
     */
    async findClientKey(
      clientKey: string,
      _options: { readonly evenStale?: boolean } = {},
    ): Promise<ClientKey | undefined> {
      const query = forCredential(clientKey)
        .selectFrom('client_keys')
        .selectAll()
        .where('client_key', '=', clientKey)
        .where('disabled', '=', 0)
      const found = await withAccount(await genuine(await query.executeTakeFirst()))
      return found?.disabled ? undefined : found
    },

    /** A client key by its public name, including a disabled one: to explain a refusal, never to grant access. */
    async findClientKeyIncludingDisabled(clientKey: string): Promise<ClientKey | undefined> {
      const query = forCredential(clientKey).selectFrom('client_keys').selectAll().where('client_key', '=', clientKey)
      return withAccount(await genuine(await query.executeTakeFirst()))
    },

    /** A client key by the id in tokens, disabled or not. */
    async findClientKeyById(accountId: string, id: string): Promise<ClientKey | undefined> {
      const query = forAccount(accountId)
        .selectFrom('client_keys')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('id', '=', id)
      return withAccount(await genuine(await query.executeTakeFirst()))
    },

    /** A client key, locked until this transaction ends. SQLite has one writer at a time anyway. */
    async lockClientKey(accountId: string, id: string): Promise<ClientKey | undefined> {
      const row = await lockedIn(forAccount(accountId), guard, accountId, ['id', id])
      return row && toClientKey(row)
    },

    async listClientKeys(accountId: string, { after, limit }: Page): Promise<ClientKey[]> {
      const rows = await forAccount(accountId)
        .selectFrom('client_keys')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map((row) => toClientKey(row))
    },

    /** Adds a key with a new public name. */
    async insertClientKey(accountId: string, key: NewClientKey): Promise<ClientKey> {
      return inTransaction(forAccount(accountId), async (trx) => {
        const row = rowOf(accountId, key)
        const seal = await guard.sealIn(settingQueries(scopesOf(trx)))
        const write = trx.insertInto('client_keys').values({ ...row, mac: seal(guardedClientKey(row).content) })
        return toClientKey(await write.returningAll().executeTakeFirstOrThrow())
      })
    },

    /** Adds a key, or changes the one with the same name. False if that one belongs to another account. */
    async upsertClientKey(accountId: string, key: NewClientKey, now: number): Promise<boolean> {
      const added = rowOf(accountId, key)
      const values = settingsOf(key)
      const write = inTransaction(forAccount(accountId), async (trx) => {
        const present = await lockedIn(trx, guard, accountId, ['client_key', key.client_key], { removeOthers: true })
        const seal = await guard.sealIn(settingQueries(scopesOf(trx)))
        const sealed = (row: Row) => seal(guardedClientKey(row).content)
        const mac = sealed({ ...added, ...present, ...values })
        const row = await trx
          .insertInto('client_keys')
          .values({ ...added, mac })
          .onConflict((oc) =>
            oc
              .column('client_key')
              .doUpdateSet({ ...values, ...disabledSince(key, now), mac })
              .where('client_keys.account_id', '=', accountId),
          )
          .returningAll()
          .executeTakeFirst()
        // another call was faster, and its row was changed instead
        if (row && sealed(row) !== mac) {
          const again = trx.updateTable('client_keys').set({ mac: sealed(row) })
          await again.where('id', '=', row.id).execute()
        }
        return row !== undefined
      })
      return (await unlessForeign(write)) ?? false
    },

    /** Changes the fields in the patch and returns the key. Undefined if the account has no such key. */
    async patchClientKey(
      accountId: string,
      id: string,
      patch: ClientKeyPatch,
      now: number,
    ): Promise<ClientKey | undefined> {
      return inTransaction(forAccount(accountId), async (trx) => {
        const row = await lockedIn(trx, guard, accountId, ['id', id])
        if (!row) return undefined
        const columns = columnsOf(patch)
        const seal = await guard.sealIn(settingQueries(scopesOf(trx)))
        const mac = seal(guardedClientKey({ ...row, ...columns }).content)
        const values = { ...columns, ...disabledSince(patch, now), mac }
        const write = trx.updateTable('client_keys').set(values).where('id', '=', id).returningAll()
        const changed = toClientKey(await write.executeTakeFirstOrThrow())
        const isDisabledNow = row.disabled === 0 && changed.disabled
        if (isDisabledNow)
          await countName(trx, accountId, { lifetime: lifetimeOfScope('client_key'), now, beganAt: now })
        return changed
      })
    },
  }
}

/** A row, locked until the transaction ends, if it is unchanged since a server wrote it. */
async function lockedIn(
  trx: Kysely<Database>,
  guard: RowGuard,
  accountId: string,
  [column, value]: readonly ['id' | 'client_key', string],
  { removeOthers = false } = {},
): Promise<Row | undefined> {
  const query = trx.selectFrom('client_keys').selectAll().where('account_id', '=', accountId).where(column, '=', value)
  const row = await query.$if(isPostgres(trx), (locked) => locked.forNoKeyUpdate()).executeTakeFirst()
  if (!row || (await guard.isGenuine(guardedClientKey(row), settingQueries(scopesOf(trx))))) return row
  if (removeOthers) await trx.deleteFrom('client_keys').where('id', '=', row.id).execute()
  return undefined
}

function toClientKey(row: Row, { isAccountDisabled } = { isAccountDisabled: false }): ClientKey {
  const entries: string[] = JSON.parse(row.origin_allowlist)
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    disabled: row.disabled === 1 || isAccountDisabled,
    isAccountDisabled,
    isKeyDisabled: row.disabled === 1,
    allowlist: entries.map(parseAllowlistEntry).filter((rule) => rule !== undefined),
    guestPerMinute: row.guest_per_minute ?? defaultGuestPerMinute,
    guestPerMinuteTotal: row.guest_per_minute_total ?? undefined,
    bind: row.bind ?? 'off',
    observeUntil: row.observe_until ?? undefined,
    sessionToken: formOf(row),
    trustedIssuers: row.trusted_issuers === null ? [] : JSON.parse(row.trusted_issuers),
    config: {
      client_key: row.client_key,
      widget_enabled: row.widget_enabled === 1,
      auth_mode: row.auth_mode,
      agent: JSON.parse(row.agent),
      branding: JSON.parse(row.branding),
      copy: JSON.parse(row.copy),
      locale: row.locale,
      supported_locales: JSON.parse(row.supported_locales),
    },
  }
}

function formOf({ session_token, session_alg: alg }: Row): SessionTokenForm | undefined {
  if (session_token === null) return alg === null ? undefined : { typ: 'widget-session+jwt', alg }
  return { ...JSON.parse(session_token), ...(alg === null ? {} : { alg }) }
}
