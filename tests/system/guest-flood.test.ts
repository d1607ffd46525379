import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { WidgetSession } from '@hallpass/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import {
  bodyOf,
  mintBridgeToken,
  mintEmbedTicket,
  mintGuest,
  mintUserToken,
  paths,
  refresh,
} from './support/fixtures/mint.js'
import { bearer, startServer, type TestServer, testClock } from './support/servers/in-process-server.js'
import { openSqlite } from './support/servers/server-parts.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

const flood = 200
/** The test's clock advances by less. */
const hours = 2

let server: TestServer
let database: string
let remove: () => Promise<void>
beforeAll(async () => {
  const folder = await temporaryFolder()
  remove = folder.remove
  database = join(folder.path, 'hallpass.db')
  const config = { databaseUrl: `file:${database}`, masterKey: randomBytes(32) }
  // from noon on, so that the test stays within a day, because the first use of a key each day writes a row
  server = await startServer({ clock: testClock(new Date().setUTCHours(12, 0, 0, 0)), config })
  await mintUserToken(server)
})
afterAll(async () => {
  await server.stop()
  await remove()
})

type Row = Record<string, unknown>

/** The rows of every table, after everything that is buffered has been written. */
async function readTables(): Promise<Record<string, Row[]>> {
  // each of these lists first writes what is buffered in memory
  for (const list of ['refusals', 'activity']) await bodyOf(await server.get(`/v1/admin/${list}`, bearer(acme.key)))
  const { db, close } = openSqlite(database)
  try {
    const names = (await db.introspection.getTables()).map(({ name }) => name)
    // this query works for any table
    const read = async (name: string) =>
      [
        name,
        await db
          .selectFrom(name as 'sessions')
          .selectAll()
          .execute(),
      ] as const
    return Object.fromEntries(await Promise.all(names.map(read)))
  } finally {
    await close()
  }
}

/** Counts of calls per minute, samples of refusals, and counts of origins per hour: the tables that a flood writes to. */
async function look() {
  const { activity = [], refusals = [], origin_counts: origins = [], ...others } = await readTables()
  // the shop and the attacker, in the few hours of this test
  expect(origins.length).toBeLessThanOrEqual(2 * hours)
  const calls = activity.filter(({ operation }) => operation !== 'admin.refusals.list')
  return { activity: calls, refusals, others, counts: counts(others) }
}

const counts = (tables: Record<string, Row[]>) =>
  Object.fromEntries(Object.entries(tables).map(([name, rows]) => [name, rows.length]))

async function inParallel(times: number, work: () => Promise<unknown>): Promise<void> {
  for (let done = 0; done < times; done += 20)
    await Promise.all(Array.from({ length: Math.min(20, times - done) }, work))
}

describe('a flood of mints', () => {
  test.each([
    ['guest sessions', 'visitor.guest', () => mintGuest(server)],
    ['visitor tokens', 'visitor.userToken', () => mintUserToken(server)],
    ['bridge tokens', 'bridge.initialize', () => mintBridgeToken(server)],
    ['embed tickets', 'visitor.embedTicket', () => mintEmbedTicket(server)],
  ])(`${flood} %s add one count for a minute and no other row`, async (_, operation, mint) => {
    const before = await look()
    expect(before.counts.sessions).toBe(0)
    // the minute that contains only this count
    server.clock.advance(60_000)
    await inParallel(flood, mint)
    const after = await look()
    expect(after.others).toEqual(before.others)
    expect(after.refusals).toEqual(before.refusals)
    expect(after.activity).toEqual([
      ...before.activity,
      expect.objectContaining({ account_id: acme.account, operation, outcome: 'ok', calls: flood }),
    ])
  })

  test('2,184 refused mints: 500 samples for an account, 500 without one, and a count per minute', async () => {
    // a minute keeps 20 samples of a kind, so this is more than either limit lets through
    const [before, minutes, calls] = [await look(), 26, 21]
    const attackerPage = { Origin: 'https://attacker.example' }
    for (let minute = 0; minute < minutes; minute++) {
      server.clock.advance(60_000)
      await inParallel(calls, () => server.post(paths.guest, { client_key: acme.clientKey }, attackerPage))
      await inParallel(calls, () => server.postFromShop(paths.guest, { client_key: 'pk_test_unknown' }))
      await inParallel(calls, () => server.postFromShop(paths.exchange, { token: 'no token' }))
      await inParallel(calls, () => refresh(server, 'hprt_nothing'))
      if (minute === 0) expect(notes(await look())).toEqual({ [acme.account]: 20, none: 60 })
    }
    const after = await look()
    expect(after.others).toEqual(before.others)
    expect(notes(after)).toEqual({ [acme.account]: 500, none: 500 })
    expect(after.activity.slice(before.activity.length)).toEqual(
      Array.from({ length: minutes }, () =>
        expect.objectContaining({ operation: 'visitor.guest', outcome: 'origin_not_allowed', calls }),
      ),
    )
  })

  test('a session gets its only row with its first rotation', async () => {
    const before = (await look()).counts
    let { refresh_token } = await mintGuest(server)
    expect((await look()).counts).toEqual(before)
    for (let turn = 0; turn < 5; turn++) {
      refresh_token = (await bodyOf<WidgetSession>(await refresh(server, refresh_token))).refresh_token
    }
    expect((await look()).counts).toEqual({ ...before, sessions: (before.sessions ?? 0) + 1 })
  })

  test('a visitor token gets its row when it is spent', async () => {
    const before = (await look()).counts
    const token = await mintUserToken(server, { user_id: 'flood' })
    expect((await look()).counts).toEqual(before)
    await bodyOf(await server.postFromShop(paths.exchange, { token }))
    expect((await look()).counts).toEqual({ ...before, token_states: (before.token_states ?? 0) + 1 })
  })
})

/** The number of refusals recorded for each account. */
function notes({ refusals }: { readonly refusals: Row[] }): Record<string, number> {
  const found: Record<string, number> = {}
  for (const { account_id } of refusals) {
    const whose = String(account_id ?? 'none')
    found[whose] = (found[whose] ?? 0) + 1
  }
  return found
}
