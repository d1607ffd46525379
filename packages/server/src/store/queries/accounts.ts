import type { FixtureAccount } from '@hallpass/contracts'
import { isTaken } from '../failure.js'
import { type ExpressionBuilder, type Kysely, type Selectable, sql } from '../kysely.js'
import type { Page } from '../page.js'
import type { Database } from '../schema.js'
import { isPostgres, type Scopes } from '../scope.js'

/** A tenant. */
export interface Account {
  readonly id: string
  readonly name: string
  readonly tenant: string
  readonly environment: 'sandbox' | 'production'
  readonly parentId: string | null
  /** For all secret keys together. 0 means no limit. */
  readonly requestsPerSecond: number
  /** For each secret key. 0 means no separate limit. */
  readonly requestsPerSecondPerKey: number
  /** A disabled account mints nothing, and its keys are refused. */
  readonly disabled: boolean
}

/** Changes to an account. Fields that are undefined keep their value. */
export type AccountPatch = {
  readonly [Field in 'name' | 'requestsPerSecond' | 'requestsPerSecondPerKey']?: Account[Field] | undefined
}

/** Who disables and enables an account: its parent, or the operator of the host. */
export type Administrator = { readonly parentId: string } | 'host'

export const defaultRequestsPerSecond = 100

/** Accounts. A query that isn't for the host is scoped to the calling account. */
export function accountQueries({ forAccount, unscoped }: Scopes) {
  return {
    async findAccount(id: string): Promise<Account | undefined> {
      const row = await forAccount(id).selectFrom('accounts').selectAll().where('id', '=', id).executeTakeFirst()
      return row && toAccount(row)
    },

    /** The account itself, or a direct child of it. Other and unknown accounts are both undefined. */
    async findActingAccount(accountId: string, actingId: string): Promise<Account | undefined> {
      const row = await forAccount(accountId)
        .selectFrom('accounts')
        .selectAll()
        .where('id', '=', actingId)
        .where((eb) => eb.or([eb('id', '=', accountId), eb('parent_id', '=', accountId)]))
        .executeTakeFirst()
      return row && toAccount(row)
    },

    /**
     * Locks accounts until this transaction ends: `shared` with others that do the same, or `alone`. In the order of
     * their ids, so that two calls never deadlock. SQLite has one writer at a time anyway. Returns the enabled ones.
     */
    async lockAccounts(accountId: string, ids: readonly string[], mode: 'shared' | 'alone'): Promise<string[]> {
      const db = forAccount(accountId)
      const query = db.selectFrom('accounts').select(['id', 'disabled_at']).where('id', 'in', ids).orderBy('id')
      const locking = mode === 'shared' ? query.forShare() : query.forNoKeyUpdate()
      const rows = await (isPostgres(db) ? locking : query).execute()
      return rows.filter(({ disabled_at }) => disabled_at === null).map(({ id }) => id)
    },

    /** Changes the given fields of the account or a child of it, and returns it. Undefined for any other account. */
    async patchAccount(accountId: string, id: string, patch: AccountPatch): Promise<Account | undefined> {
      const row = await forAccount(accountId)
        .updateTable('accounts')
        .set((eb) => ({
          name: patch.name ?? eb.ref('name'),
          requests_per_second: patch.requestsPerSecond ?? eb.ref('requests_per_second'),
          requests_per_second_per_key: patch.requestsPerSecondPerKey ?? eb.ref('requests_per_second_per_key'),
        }))
        .where('id', '=', id)
        .where((eb) => eb.or([eb('id', '=', accountId), eb('parent_id', '=', accountId)]))
        .returningAll()
        .executeTakeFirst()
      return row && toAccount(row)
    },

    /** Disables an account. False if it isn't an enabled one below `by`. The write is the decision. */
    async disableAccount(id: string, by: Administrator, now: number): Promise<boolean> {
      const query = forAccount(actorOf(by, id)).updateTable('accounts').set({ disabled_at: now }).where('id', '=', id)
      const { numUpdatedRows } = await query
        .where(isAdministeredBy(by))
        .where('disabled_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },

    /** Enables an account that was disabled up to a time (milliseconds). False if none such is below `by`. */
    async enableAccount(id: string, by: Administrator, disabledUpTo: number): Promise<boolean> {
      const query = forAccount(actorOf(by, id)).updateTable('accounts').set({ disabled_at: null }).where('id', '=', id)
      const { numUpdatedRows } = await query
        .where(isAdministeredBy(by))
        .where('disabled_at', '<=', disabledUpTo)
        .executeTakeFirst()
      return numUpdatedRows === 1n
    },

    /** The account itself and its children. */
    async listAccounts(accountId: string, { after, limit }: Page): Promise<Account[]> {
      const further = forAccount(accountId).selectFrom('accounts').selectAll().where('id', '>', after)
      // each half is read in the order of an index; with `or`, all accounts or all children would be read for each page
      const both = further.where('id', '=', accountId).unionAll(further.where('parent_id', '=', accountId))
      return (await both.orderBy('id').limit(limit).execute()).map(toAccount)
    },

    /** Every account of the server: for the host only. */
    async listEveryAccount({ after, limit }: Page): Promise<Account[]> {
      const query = unscoped.selectFrom('accounts').selectAll().where('id', '>', after).orderBy('id').limit(limit)
      return (await query.execute()).map(toAccount)
    },

    async hasProductionAccount(): Promise<boolean> {
      const query = unscoped.selectFrom('accounts').select('id').where('environment', '=', 'production').limit(1)
      return (await query.executeTakeFirst()) !== undefined
    },

    /** Adds an account with a new id. False if its tree already has the tenant label. The write is the decision. */
    async insertAccount(account: AccountRow): Promise<boolean> {
      const result = await unscoped
        .insertInto('accounts')
        .values((eb) => valuesOf(eb, account))
        .onConflict((oc) =>
          oc.columns(['root_id', 'tenant']).where(sql.ref('tenant_shared'), '=', sql.lit(0)).doNothing(),
        )
        .executeTakeFirst()
      return result.numInsertedOrUpdatedRows === 1n
    },

    /** Clears the label of an account that is about to get another one in this transaction. */
    async releaseTenant({ id, tenant }: AccountRow): Promise<void> {
      const query = unscoped.updateTable('accounts').set({ tenant_shared: 1 }).where('id', '=', id)
      await query.where('tenant', '<>', tenant).execute()
    },

    /** Adds or changes an account. False if its tree already has the tenant label, which ends the transaction. */
    async upsertAccount(account: AccountRow): Promise<boolean> {
      try {
        await unscoped
          .insertInto('accounts')
          .values((eb) => valuesOf(eb, account))
          .onConflict((oc) =>
            oc.column('id').doUpdateSet((eb) => ({
              name: eb.ref('excluded.name'),
              tenant: eb.ref('excluded.tenant'),
              environment: eb.ref('excluded.environment'),
              parent_id: eb.ref('excluded.parent_id'),
              requests_per_second: eb.ref('excluded.requests_per_second'),
              requests_per_second_per_key: eb.ref('excluded.requests_per_second_per_key'),
              root_id: eb.ref('excluded.root_id'),
              tenant_shared: sharedStill,
            })),
          )
          .execute()
        await moveDescendants(unscoped, account.id)
        return true
      } catch (error) {
        if (isTaken(error)) return false
        throw error
      }
    },

    /** Accounts whose tenant label is also that of another account in their tree, from before labels were unique. */
    async listSharedTenants(limit: number): Promise<Account[]> {
      const query = unscoped.selectFrom('accounts').selectAll().where('tenant_shared', '=', 1).where(hasNamesake)
      return (await query.orderBy('id').limit(limit).execute()).map(toAccount)
    },
  }
}

type AccountRow = Omit<FixtureAccount, 'api_keys' | 'client_keys' | 'customers' | 'cards' | 'kinds'>

const actorOf = (by: Administrator, id: string) => (by === 'host' ? id : by.parentId)

const isAdministeredBy = (by: Administrator) => (eb: ExpressionBuilder<Database, 'accounts'>) =>
  by === 'host' ? eb.lit(true) : eb('parent_id', '=', by.parentId)

const hasNamesake = sql<boolean>`exists (
  select 1 from accounts as other
  where other.root_id = accounts.root_id and other.tenant = accounts.tenant and other.id <> accounts.id
)`

/** An account that had its label before labels were unique keeps it while it stays in the same tree. */
const sharedStill = sql<number>`case
  when accounts.tenant = excluded.tenant and accounts.root_id = excluded.root_id and ${hasNamesake}
  then accounts.tenant_shared else 0 end`

/** Sets the root of everything below an account, in case the account moved. */
async function moveDescendants(db: Kysely<Database>, id: string): Promise<void> {
  await sql`with recursive tree (id, root_id) as (
      select id, root_id from accounts where id = ${id}
      union select accounts.id, tree.root_id from accounts join tree on accounts.parent_id = tree.id
    )
    update accounts set root_id = (select tree.root_id from tree where tree.id = accounts.id)
    where id in (select id from tree)
      and root_id is distinct from (select tree.root_id from tree where tree.id = accounts.id)`.execute(db)
}

/** The columns of an account. Its root is its parent's, or itself. */
function valuesOf(eb: ExpressionBuilder<Database, 'accounts'>, account: AccountRow) {
  const { id, name, tenant, environment, parent_id = null } = account
  const root = eb
    .selectFrom('accounts as parent')
    .select((parent) => parent.fn.coalesce('parent.root_id', 'parent.id').as('root_id'))
    .where('parent.id', '=', parent_id)
  return {
    id,
    name,
    tenant,
    environment,
    parent_id,
    requests_per_second: account.rate_limit?.requests_per_second ?? null,
    requests_per_second_per_key: account.rate_limit?.requests_per_second_per_key ?? null,
    root_id: eb.fn.coalesce(root, eb.val(id)),
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
    disabled: row.disabled_at !== null,
  }
}
