import type { FixtureAccount } from '@hallpass/contracts'
import type { Selectable } from './kysely.js'
import type { Page } from './page.js'
import type { Database } from './schema.js'
import { isPostgres, type Scopes } from './scope.js'

/** A tenant. */
export interface Account {
  readonly id: string
  readonly name: string
  readonly tenant: string
  readonly environment: 'sandbox' | 'production'
  readonly parentId: string | null
  /** For all secret keys together; 0 = no limit. */
  readonly requestsPerSecond: number
  /** For each secret key; 0 = no limit of its own. */
  readonly requestsPerSecondPerKey: number
}

export const defaultRequestsPerSecond = 100

/** Accounts. A query that is not for the host is scoped by the account that asks. */
export function accountQueries({ of, host }: Scopes) {
  return {
    async findAccount(id: string): Promise<Account | undefined> {
      const row = await of(id).selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toAccount(row)
    },

    /** The account itself, or a direct child of it; foreign and unknown are both undefined. */
    async findActingAccount(accountId: string, actingId: string): Promise<Account | undefined> {
      const row = await of(accountId)
        .selectFrom('accounts')
        .selectAll()
        .where('id', '=', actingId)
        .where((eb) => eb.or([eb('id', '=', accountId), eb('parent_id', '=', accountId)]))
        .executeTakeFirst()
      return row && toAccount(row)
    },

    /**
     * Holds accounts until this transaction ends: `shared` with others that do the same, or `alone`. In order of their
     * ids, so that two calls never wait for each other. SQLite has one writer at a time anyway.
     */
    async lockAccounts(accountId: string, ids: readonly string[], mode: 'shared' | 'alone'): Promise<void> {
      const db = of(accountId)
      if (!isPostgres(db)) return
      const query = db.selectFrom('accounts').select('id').where('id', 'in', ids).orderBy('id')
      await (mode === 'shared' ? query.forShare() : query.forNoKeyUpdate()).execute()
    },

    /** The account itself and its children. */
    async listAccounts(accountId: string, { after, limit }: Page): Promise<Account[]> {
      const rows = await of(accountId)
        .selectFrom('accounts')
        .selectAll()
        .where((eb) => eb.or([eb('id', '=', accountId), eb('parent_id', '=', accountId)]))
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute()
      return rows.map(toAccount)
    },

    /** Every account of the server: for its host only. */
    async listEveryAccount({ after, limit }: Page): Promise<Account[]> {
      const query = host.selectFrom('accounts').selectAll().where('id', '>', after).orderBy('id').limit(limit)
      return (await query.execute()).map(toAccount)
    },

    async hasProductionAccount(): Promise<boolean> {
      const query = host.selectFrom('accounts').select('id').where('environment', '=', 'production').limit(1)
      return (await query.executeTakeFirst()) !== undefined
    },

    async upsertAccount(
      account: Omit<FixtureAccount, 'api_keys' | 'client_keys' | 'customers' | 'cards'>,
    ): Promise<void> {
      const values = {
        name: account.name,
        tenant: account.tenant,
        environment: account.environment,
        parent_id: account.parent_id ?? null,
        requests_per_second: account.rate_limit?.requests_per_second ?? null,
        requests_per_second_per_key: account.rate_limit?.requests_per_second_per_key ?? null,
      }
      await host
        .insertInto('accounts')
        .values({ id: account.id, ...values })
        .onConflict((oc) => oc.column('id').doUpdateSet(values))
        .execute()
    },
  }
}

export function toAccount(row: Selectable<Database['accounts']>): Account {
  return {
    id: row.id,
    name: row.name,
    tenant: row.tenant,
    environment: row.environment,
    parentId: row.parent_id,
    requestsPerSecond: row.requests_per_second ?? defaultRequestsPerSecond,
    requestsPerSecondPerKey: row.requests_per_second_per_key ?? 0,
  }
}
