import {
  type AllowlistRule,
  type ClientKeyPatch,
  type ClientKeySettings,
  parseAllowlistEntry,
  type WidgetConfig,
} from '@hallpass/contracts'
import { type RawBuilder, type Selectable, sql, type Updateable } from './kysely.js'
import type { Page } from './page.js'
import type { Database } from './schema.js'
import { type Scopes, wroteOwn } from './scope.js'

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

    /** Adds a key, or changes the one of the same name; false when that one is another account's. */
    async upsertClientKey(
      accountId: string,
      key: ClientKeySettings & {
        readonly id: string
        readonly client_key: string
        readonly disabled?: boolean | undefined
      },
      now: number,
    ): Promise<boolean> {
      const { id, client_key, ...settings } = key
      const limits = {
        guest_per_minute: key.rate_limit?.guest_per_minute ?? null,
        guest_per_minute_total: key.rate_limit?.guest_per_minute_total ?? null,
      }
      const values = { ...columnsOf(settings), ...limits }
      const locales = { supported_locales: JSON.stringify(key.supported_locales ?? [key.locale]) }
      const write = of(accountId)
        .insertInto('client_keys')
        .values({
          id,
          account_id: accountId,
          client_key,
          disabled: 0,
          ...(values as Settings),
          ...locales,
        })
        .onConflict((oc) =>
          oc
            .column('client_key')
            .doUpdateSet({ ...values, ...locales, ...disabledSince(key, now) })
            .where('client_keys.account_id', '=', accountId),
        )
      return wroteOwn(write)
    },

    /** Changes what the patch names; false when the account has no such key. */
    async patchClientKey(accountId: string, id: string, patch: ClientKeyPatch, now: number): Promise<boolean> {
      const result = await of(accountId)
        .updateTable('client_keys')
        .set({ id, ...columnsOf(patch), ...disabledSince(patch, now) })
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },
  }
}

/** Every column of a key that a whole set of settings fills. */
type Settings = Omit<
  Selectable<Database['client_keys']>,
  'id' | 'account_id' | 'client_key' | 'supported_locales' | 'disabled' | 'disabled_at'
>

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
