import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { isStoreFailure } from '../failure.js'
import { sql } from '../kysely.js'
import { migrate } from '../migrations/migrate.js'
import { createStore } from '../store.js'
import { openSqlite } from './open-sqlite.js'

const folder = mkdtempSync(join(tmpdir(), 'hallpass-full-'))
afterAll(() => rmSync(folder, { recursive: true }))

/**
 * A limit on its pages gives SQLite's own error for a full disk, SQLITE_FULL. tests/chaos/disk-full.test.ts uses a real
 * full disk.
 */
describe("a SQLite database that can't grow", () => {
  const { db, close } = openSqlite(join(folder, 'x.db'))
  const store = createStore(db)
  const account = '00000000-0000-4000-8000-000000000001'
  const limitPages = (pages: number) => sql.raw(`pragma max_page_count = ${pages}`).execute(db)
  let filled = 0
  const add = (where = store) =>
    where.upsertCustomer(account, {
      id: `00000000-0000-4000-8000-${String(++filled).padStart(12, '0')}`,
      name: 'n'.repeat(1_000),
      status: 'verified',
    })
  const failureOf = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    )

  beforeAll(async () => {
    await migrate(db)
    await store.upsertAccount({ id: account, name: 'Acme', tenant: '2_3', environment: 'sandbox' })
    await limitPages(1)
    let failure: unknown
    for (let rows = 0; failure === undefined && rows < 1_000; rows++) failure = await failureOf(add())
    expect(failure).toMatchObject({ code: 'SQLITE_FULL' })
  })
  afterAll(close)

  test('a write fails with StoreUnavailable, alone and in a transaction', async () => {
    for (let attempt = 0; attempt < 3; attempt++) {
      expect(isStoreFailure(await failureOf(add()))).toBe(true)
      expect(isStoreFailure(await failureOf(store.transaction((inner) => add(inner))))).toBe(true)
    }
  })

  test('can still be read', async () => {
    expect(await store.findAccount(account)).toMatchObject({ name: 'Acme' })
    await store.ping()
  })

  test('can be written again, on the same connection, as soon as there is space', async () => {
    await limitPages(100_000)
    expect(await add()).toBe(true)
    expect(await store.transaction((inner) => add(inner))).toBe(true)
  })
})
