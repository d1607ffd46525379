import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { createMigratedDatabase, directUrlOf } from '../../testing/databases.js'
import { StoreUnavailable } from '../failure.js'
import { sql } from '../kysely.js'
import { createStore } from '../store.js'
import { openPostgres, openPostgresToMigrate } from './open-postgres.js'

/** A connection to PostgreSQL itself, also in a run through a pooler. */
let url: string
beforeAll(async () => {
  const given = await createMigratedDatabase()
  url = directUrlOf(given) ?? given
})

const limits = sql<{ statement: string; lock: string; idle: string }>`select
  current_setting('statement_timeout') as statement, current_setting('lock_timeout') as lock,
  current_setting('idle_in_transaction_session_timeout') as idle`

test('a direct connection keeps its limits and its prepared statements', async () => {
  const { db, close } = openPostgres(url, 1)
  onTestFinished(close)
  const kept = { statement: '1800ms', lock: '1500ms', idle: '5s' }
  expect((await limits.execute(db)).rows).toEqual([kept])
  await createStore(db).findSetting('one')
  await createStore(db).findSetting('other')
  const prepared = sql<{ name: string }>`select name from pg_prepared_statements where statement like '%settings%'`
  expect((await prepared.execute(db)).rows).toHaveLength(1)
})

test('limits in the URL take precedence, and end a statement', async () => {
  const { db, close } = openPostgres(`${url}?statement_timeout=200&lock_timeout=100`, 1)
  onTestFinished(close)
  expect((await limits.execute(db)).rows).toEqual([{ statement: '200ms', lock: '100ms', idle: '5s' }])
  await expect(sql`select pg_sleep(5)`.execute(db)).rejects.toThrow(StoreUnavailable)
  await expect(limits.execute(db)).resolves.toBeDefined()
})

test('a migration has no limit', async () => {
  const { db, close } = openPostgresToMigrate(url)
  onTestFinished(close)
  expect((await limits.execute(db)).rows).toEqual([{ statement: '0', lock: '0', idle: '5s' }])
})
