import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { openDatabase } from '../testing/databases.js'
import { type Kysely, sql } from './kysely.js'
import type { Database } from './schema.js'
import { scopesOf } from './scope.js'

const { db, store, close } = await openDatabase('PostgreSQL')
afterAll(close)
const scopes = scopesOf(db)
const [mine, theirs, child] = ['account-1', 'account-2', 'account-3']

/** Tables of the server itself, without a column for the account. */
const unowned = [
  'kysely_migration',
  'kysely_migration_lock',
  'latest_time',
  'rate_limits',
  'restores',
  'settings',
  'signing_keys',
]

const account = { name: 'Acme', tenant: '2_3', environment: 'sandbox', parent_id: null } as const
for (const id of [mine, theirs]) await store.upsertAccount({ id, ...account })
await store.upsertAccount({ id: child, ...account, tenant: '2_4', parent_id: mine })

const named = async (query: ReturnType<typeof sql<{ name: string }>>) =>
  (await query.execute(db)).rows.map(({ name }) => name)
const tables = (await named(sql`select tablename as name from pg_tables where schemaname = 'public'`)).toSorted()
// cards refer to a customer, so customers come first
const owned = tables
  .filter((table) => table !== 'accounts' && !unowned.includes(table))
  .toSorted((one, other) => Number(one === 'cards') - Number(other === 'cards'))
for (const table of owned) for (const id of [mine, theirs]) await fill(table, id)

/** Adds one row of an account, with a value in every column. PostgreSQL keeps its own value of a numbered column. */
async function fill(table: string, accountId: string): Promise<void> {
  const columns = await sql<{ name: string; type: string }>`
    select column_name as name, data_type as type from information_schema.columns where table_name = ${table}
  `.execute(db)
  const fillerOf = ({ name, type }: { name: string; type: string }) => {
    if (name === 'account_id') return accountId
    if (table === 'customers' && name === 'id') return `customer of ${accountId}`
    if (name === 'customer_id') return `customer of ${accountId}`
    return type === 'text' ? randomUUID() : 1
  }
  const names = columns.rows.map(({ name }) => sql.ref(name))
  const values = columns.rows.map((column) => sql`${fillerOf(column)}`)
  await sql`insert into ${sql.table(table)} (${sql.join(names)}) overriding user value values (${sql.join(values)})`.execute(
    scopes.unscoped,
  )
}

/** The accounts whose rows a query without a WHERE returns. */
const ownersIn = async (from: Kysely<Database>, table: string) => {
  const { rows } = await sql<{ account_id: string }>`select * from ${sql.table(table)}`.execute(from)
  return [...new Set(rows.map(({ account_id }) => account_id))].toSorted()
}

test('every table with an account has row-level security, even for its owner', async () => {
  expect(owned.length).toBeGreaterThan(8)
  const held = await named(sql`
    select relname as name from pg_class where relrowsecurity and relforcerowsecurity and relkind = 'r'`)
  expect(held.toSorted()).toEqual([...owned, 'accounts'].toSorted())
})

test("the role of the tests can't bypass it", async () => {
  const { rows } = await sql`select rolsuper, rolbypassrls from pg_roles where rolname = current_user`.execute(db)
  expect(rows).toEqual([{ rolsuper: false, rolbypassrls: false }])
})

describe.each(owned)('a query without its WHERE, on %s', (table) => {
  test('sees the rows of its own account only', async () => {
    expect(await ownersIn(scopes.unscoped, table)).toEqual([mine, theirs])
    expect(await ownersIn(scopes.forAccount(mine), table)).toEqual([mine])
    expect(await ownersIn(scopes.forAccount(theirs), table)).toEqual([theirs])
    expect(await ownersIn(scopes.forAccount(child), table)).toEqual([])
  })

  test('without a scope sees nothing', async () => {
    expect(await ownersIn(db, table)).toEqual([])
  })

  test('changes and deletes no rows of other accounts', async () => {
    const undone = new Error('undone')
    const change = db.transaction().execute(async (trx) => {
      const own = scopesOf(trx).forAccount(mine)
      const changed = await sql`update ${sql.table(table)} set account_id = account_id`.execute(own)
      const deleted = await sql`delete from ${sql.table(table)}`.execute(own).catch((error: unknown) => error)
      expect(changed.numAffectedRows).toBe(1n)
      // a customer with cards stays, because of its foreign key
      if (table !== 'customers') expect(deleted).toMatchObject({ numAffectedRows: 1n })
      throw undone
    })
    await expect(change).rejects.toBe(undone)
  })

  test("can't move a row to another account, or add one there", async () => {
    const given = sql`update ${sql.table(table)} set account_id = ${theirs}`.execute(scopes.forAccount(mine))
    await expect(given).rejects.toThrow('row-level security')
    await expect(fillFrom(scopes.forAccount(mine), table)).rejects.toThrow('row-level security')
  })
})

/** Copies an own row into the other account. */
const fillFrom = (from: Kysely<Database>, table: string) =>
  sql`insert into ${sql.table(table)} overriding user value select (jsonb_populate_record(t, ${JSON.stringify({ account_id: theirs })}::jsonb)).* from ${sql.table(table)} t`.execute(
    from,
  )

test('an account sees itself and its children', async () => {
  const idsFor = async (from: Kysely<Database>) =>
    (await from.selectFrom('accounts').select('id').orderBy('id').execute()).map(({ id }) => id)
  expect(await idsFor(scopes.forAccount(mine))).toEqual([mine, child])
  expect(await idsFor(scopes.forAccount(child))).toEqual([child])
  expect(await idsFor(db)).toEqual([])
  expect(await idsFor(scopes.unscoped)).toEqual([mine, theirs, child])
})

test('the holder of a key sees that key, and can change nothing', async () => {
  const [key] = await scopes.forAccount(mine).selectFrom('api_keys').selectAll().execute()
  const held = scopes.forCredential(key?.secret_hash ?? '')
  expect(await held.selectFrom('api_keys').selectAll().execute()).toEqual([key])
  expect(await held.selectFrom('customers').selectAll().execute()).toEqual([])
  expect(await held.updateTable('api_keys').set({ disabled: 0 }).execute()).toMatchObject([{ numUpdatedRows: 0n }])
})
