import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { checkTenants } from '../../local/doctor/check-tenants.js'
import { databases, openDatabase, openEmpty } from '../../testing/databases.js'
import { Migrator, sql } from '../kysely.js'
import { migrate, migrationsUntil } from '../migrations/migrate.js'
import { isPostgres } from '../scope.js'
import { createStore } from '../store.js'

const accountOf = (tenant: string, parent_id: string | null = null) =>
  ({ id: randomUUID(), name: '', tenant, environment: 'sandbox', parent_id }) as const

describe.each(databases)('a tenant label in %s', async (kind) => {
  const { store, close } = await openDatabase(kind)
  afterAll(close)

  test('is unique in its tree, at any depth, but not across trees', async () => {
    const [root, other] = [accountOf('1'), accountOf('1')]
    const child = accountOf('2', root.id)
    for (const account of [root, other, child]) expect(await store.insertAccount(account)).toBe(true)
    for (const parent of [root, child]) {
      for (const tenant of ['1', '2']) expect(await store.insertAccount(accountOf(tenant, parent.id))).toBe(false)
    }
    expect(await store.insertAccount(accountOf('2', other.id))).toBe(true)
    expect(await store.insertAccount(accountOf('3', child.id))).toBe(true)
  })

  test('goes to one of ten accounts that claim it at once', async () => {
    const root = accountOf('1')
    await store.insertAccount(root)
    const added = await Promise.all(Array.from({ length: 10 }, () => store.insertAccount(accountOf('2', root.id))))
    expect(added.filter(Boolean)).toHaveLength(1)
  })

  test("can't be changed to a used one, but two accounts can exchange theirs", async () => {
    const root = accountOf('1')
    const [a, b] = [accountOf('2', root.id), accountOf('3', root.id)]
    for (const account of [root, a, b]) expect(await store.upsertAccount(account)).toBe(true)
    expect(await store.transaction(async (tx) => tx.upsertAccount({ ...b, tenant: '2' }))).toBe(false)
    const exchanged = [
      { ...a, tenant: '3' },
      { ...b, tenant: '2' },
    ]
    await store.transaction(async (tx) => {
      for (const account of exchanged) await tx.releaseTenant(account)
      for (const account of exchanged) expect(await tx.upsertAccount(account)).toBe(true)
    })
    expect(await store.insertAccount(accountOf('2', root.id))).toBe(false)
    expect(await store.insertAccount(accountOf('3', root.id))).toBe(false)
  })

  test('moves with its account into another tree, with everything below', async () => {
    const [from, to] = [accountOf('1'), accountOf('9')]
    const child = accountOf('2', from.id)
    const grandchild = accountOf('3', child.id)
    for (const account of [from, to, child, grandchild]) await store.upsertAccount(account)
    expect(await store.upsertAccount({ ...child, parent_id: to.id })).toBe(true)
    expect(await store.insertAccount(accountOf('3', to.id))).toBe(false)
    expect(await store.insertAccount(accountOf('3', from.id))).toBe(true)
  })
})

describe.each(databases)('duplicate labels from before labels were unique, in %s', (kind) => {
  test('are kept and listed until their accounts get other labels', async () => {
    const { db, close } = await openEmpty(kind)
    const migrator = new Migrator({
      db,
      provider: { getMigrations: async () => migrationsUntil('0008-tenant-labels') },
    })
    expect((await migrator.migrateToLatest()).error).toBeUndefined()
    const root = accountOf('1')
    const [first, second] = [accountOf('2', root.id), accountOf('2', root.id)].toSorted((a, b) =>
      a.id < b.id ? -1 : 1,
    )
    const below = accountOf('1', second?.id)
    if (!first || !second) throw new Error('two accounts were made')
    await db.transaction().execute(async (trx) => {
      if (isPostgres(trx)) await sql`select set_config('hallpass.scope', 'host', true)`.execute(trx)
      for (const { id, name, tenant, environment, parent_id } of [root, first, second, below]) {
        await sql`insert into accounts (id, name, tenant, environment, parent_id)
          values (${id}, ${name}, ${tenant}, ${environment}, ${parent_id})`.execute(trx)
      }
    })
    await migrate(db)
    const store = createStore(db)
    const shared = async () => (await store.listSharedTenants(10)).map(({ id }) => id)
    expect(await shared()).toEqual([second.id, below.id].toSorted())
    const { state, found } = await checkTenants(store)
    expect(state).toBe('warning')
    for (const { id } of [second, below]) expect(found).toContain(id)
    // imported again unchanged, it keeps its label, and no other account gets it
    expect(await store.upsertAccount(second)).toBe(true)
    expect(await store.insertAccount(accountOf('2', root.id))).toBe(false)
    expect(await store.upsertAccount({ ...second, tenant: '7' })).toBe(true)
    expect(await shared()).toEqual([below.id])
    expect(await store.upsertAccount({ ...second, tenant: '2' })).toBe(false)
    await close()
  })
})
