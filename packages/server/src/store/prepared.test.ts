import { afterAll, expect, test } from 'vitest'
import { sql } from './kysely.js'
import { prepared } from './prepared.js'
import { openSqlite } from './sqlite/open-sqlite.js'

const { db, close } = openSqlite(undefined)
afterAll(close)

test('is built once, and runs with the values of each call', async () => {
  let builds = 0
  const statement = prepared((on, { first, second }: { first: string; second: string }) => {
    builds++
    return sql<{ found: string }>`select ${second} || ${first} || ${second} || ${'fixed'} as found`.compile(on)
  })
  const run = async (first: string, second: string) => (await statement(db, { first, second })).rows
  expect(await run('a', '1')).toEqual([{ found: '1a1fixed' }])
  expect(await run('b', '2')).toEqual([{ found: '2b2fixed' }])
  expect(await db.transaction().execute(async (tx) => (await statement(tx, { first: 'c', second: '3' })).rows)).toEqual(
    [{ found: '3c3fixed' }],
  )
  expect(builds).toBe(1)
})

test('cannot be built with values that it does not name', () => {
  const statement = prepared((on, values: { id: string }) =>
    on
      .selectFrom('accounts')
      .selectAll()
      .where('id', '=', { ...values }.id)
      .compile(),
  )
  expect(() => statement(db, { id: 'x' })).toThrow('have to be named')
})
