import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { createMigratedDatabase, directUrlOf } from '../../testing/databases.js'
import type { Kysely } from '../kysely.js'
import { prepared } from '../prepared.js'
import type { Database } from '../schema.js'
import { scopesOf } from '../scope.js'
import { createStore } from '../store.js'
import { openPostgres } from './open-postgres.js'

let url: string
beforeAll(async () => {
  const given = await createMigratedDatabase()
  url = directUrlOf(given) ?? given
})

const insert = prepared(
  (db, { name, value }: { name: string; value: string }) => db.insertInto('settings').values({ name, value }).compile(),
  { isResultUnused: true },
)

/** With one connection, which has prepared the deferred statement. */
async function open() {
  const { db, close } = openPostgres(url, 1)
  onTestFinished(close)
  const defer = (trx: Kysely<Database>, name: string) => insert(scopesOf(trx).unscoped, { name, value: 'deferred' })
  const suffix = Math.random().toString(36).slice(2)
  await defer(db, `first-${suffix}`)
  return { db, store: createStore(db), defer, name: (text: string) => `${text}-${suffix}` }
}

test('a deferred write is visible to the next statement, and is committed', async () => {
  const { db, store, defer, name } = await open()
  const seen = await db.transaction().execute(async (trx) => {
    const { numAffectedRows } = await defer(trx, name('kept'))
    return [numAffectedRows, await createStore(trx).findSetting(name('kept'))]
  })
  expect(seen).toEqual([undefined, 'deferred'])
  await db.transaction().execute((trx) => defer(trx, name('last')))
  expect(await store.findSetting(name('last'))).toBe('deferred')
})

test('a deferred write that fails makes the commit fail, and nothing is kept', async () => {
  const { db, store, defer, name } = await open()
  const transaction = db.transaction().execute(async (trx) => {
    await createStore(trx).insertSetting(name('beside'), 'x')
    await defer(trx, name('first'))
  })
  await expect(transaction).rejects.toThrow()
  expect(await store.findSetting(name('beside'))).toBeUndefined()
  await store.transaction((tx) => tx.insertSetting(name('after'), 'x'))
  expect(await store.findSetting(name('after'))).toBe('x')
})

test('a transaction that is rolled back drops its deferred writes', async () => {
  const { db, store, defer, name } = await open()
  const fail = async (trx: Kysely<Database>) => {
    await defer(trx, name('dropped'))
    throw new Error('given up')
  }
  await expect(db.transaction().execute(fail)).rejects.toThrow('given up')
  expect(await store.findSetting(name('dropped'))).toBeUndefined()
})

test('a transaction without a statement sends nothing', async () => {
  const { db, store, name } = await open()
  expect(await db.transaction().execute(async () => 'done')).toBe('done')
  await store.insertSetting(name('next'), 'x')
  expect(await store.findSetting(name('next'))).toBe('x')
})
