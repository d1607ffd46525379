import { afterAll, describe, expect, test } from 'vitest'
import { createMigratedDatabase, directUrlOf } from '../testing/databases.js'
import type { OpenDatabase } from './database.js'
import { CompiledQuery, type QueryExecutor, sql } from './kysely.js'
import { migrate } from './migrations/migrate.js'
import { openPostgres } from './postgres/open-postgres.js'
import { scopesOf } from './scope.js'
import { openSqlite } from './sqlite/open-sqlite.js'
import { createStore, type Store } from './store.js'

/** The planner does none of these if there is another way. With empty tables, it usually would. */
const planning = ['enable_seqscan', 'enable_sort', 'enable_bitmapscan'] as const
const settings = planning.map((name) => `-c ${name}=off`).join(' ')

async function openAt(kind: 'SQLite' | 'PostgreSQL'): Promise<OpenDatabase> {
  if (kind === 'SQLite') return openSqlite(undefined)
  const given = await createMigratedDatabase()
  // a pooler refuses options
  const url = new URL(directUrlOf(given) ?? given)
  url.searchParams.set('options', settings)
  return openPostgres(url.href, 1)
}

const first = { after: '', limit: 10 }
const next = { after: '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11', limit: 10 }
const newest = { before: undefined, limit: 10 }
const older = { before: '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11', limit: 10 }
const accountId = '9e8d7c6b-5a49-4382-a716-05f4e3d2c1b0'
const endpoint = { accountId, endpointId: 'whe_1' }
const times = { now: 1, giveUpAt: 2 }

/**
 * Every list that can be long, at its start and further on, and the background work on long tables: by which column the
 * index finds the rows.
 */
const lists: readonly [name: string, column: string, run: (store: Store) => Promise<unknown>][] = [
  ['accounts of an account', 'parent_id', (store) => store.listAccounts(accountId, next)],
  ['all accounts', 'id', (store) => store.listEveryAccount(next)],
  ['secret keys', 'account_id', (store) => store.listApiKeys(accountId, next)],
  ['client keys', 'account_id', (store) => store.listClientKeys(accountId, next)],
  ['customers', 'account_id', (store) => store.listCustomers(accountId, first)],
  ['customers after one', 'account_id', (store) => store.listCustomers(accountId, next)],
  ['cards', 'account_id', (store) => store.listCards(accountId, first)],
  ['cards after one', 'account_id', (store) => store.listCards(accountId, next)],
  ['kinds', 'account_id', (store) => store.listKinds(accountId, first)],
  ['kinds after one', 'account_id', (store) => store.listKinds(accountId, { after: 'report', limit: 10 })],
  ['kinds by their names', 'account_id', (store) => store.findKinds(accountId, ['report', 'table'])],
  ['refusals', 'account_id', (store) => store.listRefusals({ accountId }, 1, newest)],
  ['refusals before one', 'account_id', (store) => store.listRefusals({ accountId }, 1, older)],
  ['refusals of everyone', 'id', (store) => store.listRefusals('everyone', 1, older)],
  ['history', 'account_id', (store) => store.listAuditEntries({ accountId }, 1, newest)],
  ['history before one', 'account_id', (store) => store.listAuditEntries({ accountId }, 1, older)],
  ['history of everyone', 'id', (store) => store.listAuditEntries('everyone', 1, older)],
  ['chains with expired entries', 'expires_at', (store) => store.findExpiredChains(1, undefined, 10)],
  ['further chains with expired entries', 'expires_at', (store) => store.findExpiredChains(1, accountId, 10)],
  ['webhook endpoints', 'account_id', (store) => store.listWebhookEndpoints(accountId, next)],
  [
    'webhook deliveries',
    'endpoint_id',
    (store) => store.listWebhookDeliveries(endpoint, { ...newest, state: undefined }),
  ],
  [
    'dead webhook deliveries',
    'endpoint_id',
    (store) => store.listWebhookDeliveries(endpoint, { ...older, state: 'dead' }),
  ],
  [
    'the dead webhook deliveries that are replayed',
    'endpoint_id',
    (store) => store.replayWebhookDeliveries(endpoint, { limit: 10 }, times),
  ],
  [
    'the webhook deliveries since a time that are replayed',
    'endpoint_id.*event_id',
    (store) => store.replayWebhookDeliveries(endpoint, { since: 1, after: 'evt_1', limit: 10 }, times),
  ],
  ['the sweep', 'expires_at', (store) => store.sweepExpired(1, 10)],
  ['the sweep of refusals', 'id|at', (store) => store.trimAllRefusals(1, 10)],
  ['the sweep of an account', 'account_id', (store) => store.trimRefusals(accountId, 10)],
]

describe.each(['SQLite', 'PostgreSQL'] as const)('in %s', async (kind) => {
  const { db, close } = await openAt(kind)
  await migrate(db)
  afterAll(close)
  const store = createStore(db)

  test.each(lists)('%s: found by an index on %s', async (name, column, run) => {
    const queries = await queriesOf(db.getExecutor(), () => run(store))
    expect(queries.length).toBeGreaterThan(0)
    for (const { sql, parameters } of queries) {
      const steps = await planOf(sql, parameters)
      // the account itself is one row, and chains are found by what expired
      const sorted = /chains|accounts of an/.test(name) ? /^$/ : /TEMP B-TREE FOR ORDER|Sort$/
      expect(
        steps.filter((step) => /^SCAN (?!.*USING)|Seq Scan/.test(step) || sorted.test(step)),
        sql,
      ).toEqual([])
      expect(steps, sql).toContainEqual(expect.stringMatching(conditionOn(column)))
    }
  })

  test('a redemption reads its own card, not all cards of the account', async () => {
    // in a transaction of Kysely's own, because SQLite runs the prepared statements of a store past Kysely
    const redeem = () =>
      db.transaction().execute((trx) => createStore(trx).redeemCardToken(accountId, 'hash', 'REVEAL', 1))
    const [query, ...others] = await queriesOf(db.getExecutor(), redeem)
    expect(others).toEqual([])
    const steps = await planOf(query?.sql ?? '', query?.parameters ?? [])
    const ofCards = steps.filter((step) => /SEARCH cards|Index Cond.*(account_id|\bid) =/.test(step))
    expect(ofCards.length).toBeGreaterThan(0)
    expect(ofCards.filter((step) => !/\bid ?=|card_id|token_hash|customer_id|scope/.test(step))).toEqual([])
  })

  test.runIf(kind === 'PostgreSQL')('the sweep reads an index of a table that was never analyzed', async () => {
    const { unscoped } = scopesOf(db)
    for (let from = 0; from < 50_000; from += 5_000)
      await sql`insert into token_states (account_id, kind, jti, state, decided_at, expires_at)
        select ${accountId}, 'visitor', (${sql.lit(from)} + n)::text, 'spent', 1, 1000 + n
        from generate_series(1, 5000) n`.execute(unscoped)
    for (const name of planning) await sql`set ${sql.raw(name)} = on`.execute(unscoped)
    const queries = await queriesOf(db.getExecutor(), () => store.sweepExpired(1, 10))
    const [query] = queries.filter(({ sql: text }) => /^delete from "token_states"/.test(text))
    const steps = await planOf(query?.sql ?? '', query?.parameters ?? [])
    expect(steps.filter((step) => step.includes('Seq Scan'))).toEqual([])
    expect(steps).toContainEqual(expect.stringMatching(conditionOn('expires_at')))
  })

  async function planOf(text: string, parameters: readonly unknown[]): Promise<string[]> {
    const explain = kind === 'SQLite' ? 'explain query plan' : 'explain (costs off)'
    const { rows } = await scopesOf(db).unscoped.executeQuery<{ detail?: string; 'QUERY PLAN'?: string }>(
      CompiledQuery.raw(`${explain} ${text}`, [...parameters]),
    )
    return rows.map((row) => row.detail ?? row['QUERY PLAN'] ?? '')
  }
})

/** The step of a plan, in either database, that goes to the rows by this column. */
const conditionOn = (column: string) => new RegExp(`^SEARCH .*\\((${column})[=<>]|Index Cond: \\(+(${column}) `)

/** The statements that Kysely runs meanwhile. */
async function queriesOf(executor: QueryExecutor, run: () => Promise<unknown>): Promise<CompiledQuery[]> {
  const queries: CompiledQuery[] = []
  const base = prototypeWith(executor, 'executeQuery')
  const { executeQuery } = base
  base.executeQuery = function (query, ...rest) {
    queries.push(query)
    return executeQuery.call(this, query, ...rest) as never
  }
  try {
    await run()
  } finally {
    base.executeQuery = executeQuery
  }
  return queries.filter(({ sql }) => !/^(begin|commit)/i.test(sql))
}

/** The object in a prototype chain that has the method itself: executors with and without plugins share it. */
function prototypeWith<T extends object>(object: T, name: keyof T): T {
  return Object.hasOwn(object, name) ? object : prototypeWith(Object.getPrototypeOf(object), name)
}
