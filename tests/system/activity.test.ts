import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import { paths } from './support/fixtures/mint.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { bearer, startServer, type TestServer, testClock } from './support/servers/in-process-server.js'
import { countActivity, type Store } from './support/servers/server-parts.js'

interface Count {
  readonly minute: string
  readonly operation: string
  readonly outcome: string
  readonly count: number
}

let server: TestServer
beforeAll(async () => {
  // in the middle of a minute, so that a test doesn't cross into the next one
  server = await startServer({ clock: testClock(Math.floor(Date.now() / 60_000) * 60_000 + 20_000) })
})
afterAll(() => server.stop())

async function activityOf(key: string, query = ''): Promise<Count[]> {
  const response = await server.get(`/v1/admin/activity${query}`, bearer(key))
  expect(response.status).toBe(200)
  return (await response.json()).data
}

describe('GET /v1/admin/activity', () => {
  test('counts calls by minute, operation and outcome, over both transports, for their account', async () => {
    const guest = { client_key: acme.clientKey }
    await server.postFromShop(paths.guest, guest)
    await server.trpc('visitor.guest', guest, { Origin: acme.origin })
    await server.post(paths.guest, guest, { Origin: 'https://attacker.test' })
    await server.postAsAcme(paths.bridge, { customer_id: rival.customer })
    await server.post(paths.bridge, {}, bearer('sk_test_unknown'))
    const minute = new Date(Math.floor(server.clock.now() / 60_000) * 60_000).toISOString()
    expect(await activityOf(acme.key)).toEqual([
      { minute, operation: 'bridge.initialize', outcome: 'not_found', count: 1 },
      { minute, operation: 'visitor.guest', outcome: 'ok', count: 2 },
      { minute, operation: 'visitor.guest', outcome: 'origin_not_allowed', count: 1 },
    ])
    // reading the counts is not counted
    for (const _ of [1, 2]) expect(await activityOf(rival.key)).toEqual([])
  })

  test('returns the requested number of hours', async () => {
    await server.postFromShop(paths.guest, { client_key: acme.clientKey })
    await activityOf(acme.key)
    server.clock.advance(2 * 3_600_000)
    expect(await activityOf(acme.key)).toEqual([])
    expect((await activityOf(acme.key, '?hours=3')).length).toBeGreaterThan(0)
    const refused = await server.get('/v1/admin/activity?hours=7', bearer(acme.key))
    expect(await refused.json()).toMatchObject({ code: 'BAD_QUERY_PARAMETER', status: 400 })
  })

  test('403 without the scope admin', async () => {
    expect((await server.get('/v1/admin/activity', bearer(acme.keyWithoutScopes))).status).toBe(403)
  })
})

describe('counting', () => {
  const log = { warn: () => {} }
  const call = { accountId: acme.account, operation: 'visitor.guest', outcome: 'ok' }
  let assembled: AssembledServer
  beforeAll(async () => {
    assembled = await assembleServer()
  })
  afterAll(() => assembled.stop())

  test('adds up the counts of several processes', async () => {
    const { clock, store } = assembled
    const counters = [1, 2, 3].map(() => countActivity({ clock, store, log }))
    for (const counter of counters) for (let i = 0; i < 5; i++) counter.count(call)
    await Promise.all(counters.map((counter) => counter.flush()))
    const [row, ...others] = await store.listActivity(acme.account, clock.now() - 60_000)
    expect(row).toMatchObject({ operation: 'visitor.guest', outcome: 'ok', count: 15 })
    expect(others).toEqual([])
  })

  test('stores a bounded number of counts, and keeps counting those it has', async () => {
    const { clock, store } = assembled
    const counter = countActivity({ clock, store, log })
    for (let i = 0; i < 6_000; i++) counter.count({ ...call, accountId: 'flood', operation: `operation ${i}` })
    counter.count({ ...call, accountId: 'flood', operation: 'operation 0' })
    await counter.flush()
    const rows = await store.listActivity('flood', clock.now() - 60_000)
    expect(rows).toHaveLength(5_000)
    expect(rows.find(({ operation }) => operation === 'operation 0')?.count).toBe(2)
  })

  test('is swept', async () => {
    const { clock, store } = assembled
    await store.sweepExpired(clock.now() + 7 * 3_600_000, 10_000)
    expect(await store.listActivity(acme.account, 0)).toEqual([])
  })

  test('never fails a request: counts that cannot be written are lost and logged', async () => {
    const warnings: unknown[] = []
    const broken: Pick<Store, 'addActivity'> = { addActivity: () => Promise.reject(new Error('disk full')) }
    const counter = countActivity({
      clock: assembled.clock,
      store: broken,
      log: { warn: (...line: unknown[]) => void warnings.push(line) },
    })
    counter.count(call)
    await counter.flush()
    expect(warnings).toHaveLength(1)
  })

  test('is written to the database periodically', async () => {
    const { clock, store } = assembled
    countActivity({ clock, store, log }).count({ ...call, accountId: 'quiet' })
    await expect
      .poll(() => store.listActivity('quiet', 0), { timeout: 20_000, interval: 200 })
      .toMatchObject([{ count: 1 }])
  })
})
