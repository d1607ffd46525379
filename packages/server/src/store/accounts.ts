import type { AllowlistRule, CardStatus, CustomerStatus, Scope, WidgetConfig } from '@hallpass/contracts'
import { parseAllowlistEntry } from '@hallpass/contracts'
import type { Kysely, Selectable } from 'kysely'
import type { Database } from './schema.js'

/** A tenant. */
export interface Account {
  readonly id: string
  readonly tenant: string
  readonly environment: 'sandbox' | 'production'
  readonly parentId: string | null
  /** Per secret key; 0 = no limit. */
  readonly requestsPerSecond: number
}

/** A secret key as it is kept: never the secret itself. */
export interface ApiKey {
  readonly id: string
  readonly accountId: string
  readonly scopes: readonly Scope[]
}

/** A public client key with what it permits and shows. */
export interface ClientKey {
  readonly id: string
  readonly accountId: string
  readonly allowlist: readonly AllowlistRule[]
  /** Per address; 0 = no limit. */
  readonly guestPerMinute: number
  readonly config: WidgetConfig
}

export interface Customer {
  readonly id: string
  readonly status: CustomerStatus
}

export interface Card {
  readonly id: string
  readonly status: CardStatus
}

const defaultRequestsPerSecond = 100
const defaultGuestPerMinute = 60

/** Reads of configuration. Every query is scoped by an account or by a credential that names one. */
export function accountQueries(db: Kysely<Database>) {
  return {
    async findAccount(id: string): Promise<Account | undefined> {
      const row = await db.selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toAccount(row)
    },

    /** The account itself, or a direct child of it; foreign and unknown are both undefined. */
    async findActingAccount(accountId: string, actingId: string): Promise<Account | undefined> {
      const row = await db
        .selectFrom('accounts')
        .selectAll()
        .where('id', '=', actingId)
        .where((eb) => eb.or([eb('id', '=', accountId), eb('parent_id', '=', accountId)]))
        .executeTakeFirst()
      return row && toAccount(row)
    },

    async findApiKey(secretHash: string, now: number): Promise<{ apiKey: ApiKey; account: Account } | undefined> {
      const row = await db
        .selectFrom('api_keys')
        .innerJoin('accounts', 'accounts.id', 'api_keys.account_id')
        .selectAll('accounts')
        .select(['api_keys.id as api_key_id', 'api_keys.scopes'])
        .where('api_keys.secret_hash', '=', secretHash)
        .where('api_keys.disabled', '=', 0)
        .where((eb) => eb.or([eb('api_keys.expires_at', 'is', null), eb('api_keys.expires_at', '>', now)]))
        .executeTakeFirst()
      if (!row) return undefined
      const account = toAccount(row)
      return { account, apiKey: { id: row.api_key_id, accountId: account.id, scopes: JSON.parse(row.scopes) } }
    },

    /** A client key by its public name. */
    async findClientKey(clientKey: string): Promise<ClientKey | undefined> {
      const row = await enabledClientKeys(db).where('client_key', '=', clientKey).executeTakeFirst()
      return row && toClientKey(row)
    },

    /** A client key by the id that tokens carry. */
    async findClientKeyById(accountId: string, id: string): Promise<ClientKey | undefined> {
      const row = await enabledClientKeys(db)
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .executeTakeFirst()
      return row && toClientKey(row)
    },

    async findCustomer(accountId: string, id: string): Promise<Customer | undefined> {
      return db
        .selectFrom('customers')
        .select(['id', 'status'])
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .executeTakeFirst()
    },

    async findCard(accountId: string, id: string): Promise<Card | undefined> {
      return db
        .selectFrom('cards')
        .select(['id', 'status'])
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .executeTakeFirst()
    },

    async hasProductionAccount(): Promise<boolean> {
      const query = db.selectFrom('accounts').select('id').where('environment', '=', 'production').limit(1)
      return (await query.executeTakeFirst()) !== undefined
    },
  }
}

const enabledClientKeys = (db: Kysely<Database>) => db.selectFrom('client_keys').selectAll().where('disabled', '=', 0)

function toAccount(row: Selectable<Database['accounts']>): Account {
  return {
    id: row.id,
    tenant: row.tenant,
    environment: row.environment,
    parentId: row.parent_id,
    requestsPerSecond: row.requests_per_second ?? defaultRequestsPerSecond,
  }
}

function toClientKey(row: Selectable<Database['client_keys']>): ClientKey {
  const entries: string[] = JSON.parse(row.origin_allowlist)
  return {
    id: row.id,
    accountId: row.account_id,
    allowlist: entries.map(parseAllowlistEntry).filter((rule) => rule !== undefined),
    guestPerMinute: row.guest_per_minute ?? defaultGuestPerMinute,
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
