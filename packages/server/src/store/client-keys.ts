import {
  type AllowlistRule,
  type ClientKeyPatch,
  type ClientKeySettings,
  parseAllowlistEntry,
  type WidgetConfig,
} from '@hallpass/contracts'
import { type Insertable, type RawBuilder, type Selectable, sql, type Updateable } from './kysely.js'
import type { Page } from './page.js'
import type { Database } from './schema.js'
import { isPostgres, type Scopes, wroteOwn } from './scope.js'

/** A public client key with what it permits and shows. */
export interface ClientKey {
  readonly id: string
  readonly accountId: string
  readonly name: string
  readonly disabled: boolean
  readonly allowlist: readonly AllowlistRule[]
  /** Per address; 0 = no limit. */
  readonly guestPerMinute: number
  /** Over all addresses; 0 = no limit, undefined = in proportion to the one per address. */
  readonly guestPerMinuteTotal: number | undefined
  readonly config: WidgetConfig
}

/** A client key with its settings, as it is created or imported. */
export type NewClientKey = ClientKeySettings & {
  readonly id: string
  readonly client_key: string
  readonly disabled?: boolean | undefined
}

/** Where a client key does not say. */
export const defaultGuestPerMinute = 60

export function clientKeyQueries({ of, holding }: Scopes) {
  return {
    /** A client key by its public name, unless it is disabled. `evenStale`: as it was last known, when the database is gone. */
    async findClientKey(
      clientKey: string,
      _options: { readonly evenStale?: boolean } = {},
    ): Promise<ClientKey | undefined> {
      const query = holding(clientKey)
        .selectFrom('client_keys')
        .selectAll()
        .where('client_key', '=', clientKey)
        .where('disabled', '=', 0)
      const row = await query.executeTakeFirst()
      return row && toClientKey(row)
    },

    /** A client key by its public name, also when it is disabled: to explain a refusal, never to let anyone in. */
    async findClientKeyWhateverItsState(clientKey: string): Promise<ClientKey | undefined> {
      const query = holding(clientKey).selectFrom('client_keys').selectAll().where('client_key', '=', clientKey)
      const row = await query.executeTakeFirst()
      return row && toClientKey(row)
    },

    /** A client key by the id that tokens carry, disabled or not. */
    async findClientKeyById(accountId: string, id: string): Promise<ClientKey | undefined> {
      const query = of(accountId)
        .selectFrom('client_keys')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('id', '=', id)
      const row = await query.executeTakeFirst()
      return row && toClientKey(row)
    },

    /** A client key that nobody else changes until this transaction ends. SQLite has one writer at a time anyway. */
    async lockClientKey(accountId: string, id: string): Promise<ClientKey | undefined> {
      const db = of(accountId)
      const query = db.selectFrom('client_keys').selectAll().where('account_id', '=', accountId).where('id', '=', id)
      const row = await query.$if(isPostgres(db), (locked) => locked.forNoKeyUpdate()).executeTakeFirst()
      return row && toClientKey(row)
    },

    async listClientKeys(accountId: string, { after, limit }: Page): Promise<ClientKey[]> {
      const rows = await of(accountId)
        .selectFrom('client_keys')
        .selectAll()
        .where('account_id', '=', accountId)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(toClientKey)
    },

    /** Adds a key with a new public name. */
    async insertClientKey(accountId: string, key: NewClientKey): Promise<ClientKey> {
      const write = of(accountId).insertInto('client_keys').values(rowOf(accountId, key)).returningAll()
      return toClientKey(await write.executeTakeFirstOrThrow())
    },

    /** Adds a key, or changes the one of the same name; false when that one is another account's. */
    async upsertClientKey(accountId: string, key: NewClientKey, now: number): Promise<boolean> {
      const write = of(accountId)
        .insertInto('client_keys')
        .values(rowOf(accountId, key))
        .onConflict((oc) =>
          oc
            .column('client_key')
            .doUpdateSet({ ...settingsOf(key), ...disabledSince(key, now) })
            .where('client_keys.account_id', '=', accountId),
        )
      return wroteOwn(write)
    },

    /** Changes what the patch names and returns the key; undefined if the account has no such key. */
    async patchClientKey(
      accountId: string,
      id: string,
      patch: ClientKeyPatch,
      now: number,
    ): Promise<ClientKey | undefined> {
      const row = await of(accountId)
        .updateTable('client_keys')
        .set({ id, ...columnsOf(patch), ...disabledSince(patch, now) })
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .returningAll()
        .executeTakeFirst()
      return row && toClientKey(row)
    },
  }
}

/** A new key's row; where it is not named, it is not disabled. */
const rowOf = (accountId: string, key: NewClientKey): Insertable<Database['client_keys']> => ({
  id: key.id,
  account_id: accountId,
  client_key: key.client_key,
  disabled: 0,
  // a whole set of settings fills every column that is not named here
  ...(settingsOf(key) as Settings),
})

type Settings = Omit<
  Selectable<Database['client_keys']>,
  'id' | 'account_id' | 'client_key' | 'disabled' | 'disabled_at'
>

function settingsOf({ id: _id, client_key: _name, ...settings }: NewClientKey): Updateable<Database['client_keys']> {
  return {
    ...columnsOf(settings),
    guest_per_minute: settings.rate_limit?.guest_per_minute ?? null,
    guest_per_minute_total: settings.rate_limit?.guest_per_minute_total ?? null,
    supported_locales: JSON.stringify(settings.supported_locales ?? [settings.locale]),
  }
}

/** The columns of the settings that are named. */
function columnsOf(patch: ClientKeyPatch): Updateable<Database['client_keys']> {
  const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value))
  const flag = (value: boolean | undefined) => (value === undefined ? undefined : Number(value))
  const columns = {
    name: patch.name,
    origin_allowlist: json(patch.origin_allowlist),
    auth_mode: patch.auth_mode,
    widget_enabled: flag(patch.widget_enabled),
    disabled: flag(patch.disabled),
    agent: json(patch.agent),
    branding: json(patch.branding),
    copy: json(patch.copy),
    locale: patch.locale,
    supported_locales: json(patch.supported_locales),
    guest_per_minute: patch.rate_limit?.guest_per_minute,
    guest_per_minute_total: patch.rate_limit?.guest_per_minute_total,
  }
  return Object.fromEntries(Object.entries(columns).filter(([, value]) => value !== undefined))
}

/** A key that was disabled before goes on being so since then; one that was made disabled never had a token. */
function disabledSince({ disabled }: ClientKeyPatch, now: number): { disabled_at?: RawBuilder<number | null> | null } {
  if (disabled === undefined) return {}
  if (!disabled) return { disabled_at: null }
  return { disabled_at: sql`case when client_keys.disabled = 1 then client_keys.disabled_at else ${now} end` }
}

function toClientKey(row: Selectable<Database['client_keys']>): ClientKey {
  const entries: string[] = JSON.parse(row.origin_allowlist)
  return {
    id: row.id,
    accountId: row.account_id,
    name: row.name,
    disabled: row.disabled === 1,
    allowlist: entries.map(parseAllowlistEntry).filter((rule) => rule !== undefined),
    guestPerMinute: row.guest_per_minute ?? defaultGuestPerMinute,
    guestPerMinuteTotal: row.guest_per_minute_total ?? undefined,
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
