import { Fixture } from '@hallpass/contracts'
import fc from 'fast-check'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { query } from '../support/postgres.js'
import { acme, fixture } from '../system/support/fixtures/fixture.js'
import { cardPath, paths } from '../system/support/fixtures/mint.js'
import { bearer, testClock } from '../system/support/servers/in-process-server.js'
import { newDatabase } from '../system/support/servers/new-database.js'
import {
  createSharedWindow,
  createSlidingWindow,
  directUrlOf,
  migrate,
  type OpenDatabase,
  openPostgres,
} from '../system/support/servers/server-parts.js'
import { many, type Replicas, startReplicas } from './support/replicas.js'

const limit = 100

const perSecond = 20
const keys = Array.from({ length: 5 }, (_, index) => `sk_test_one_of_five_${index}`)
const limitsOf = (id: string) =>
  id === acme.account ? { rate_limit: { requests_per_second: perSecond, requests_per_second_per_key: 8 } } : {}
const keysOf = (id: string) =>
  id === acme.account ? keys.map((secret) => ({ name: secret, secret, scopes: ['cards:write'] })) : []

/**
 * The fixture, with an account that has five more keys and a shared limit, and a client key with a limit of guest
 * sessions per minute.
 */
const limited = Fixture.parse({
  accounts: fixture.accounts.map((account) => ({
    ...account,
    ...limitsOf(account.id),
    api_keys: [...account.api_keys, ...keysOf(account.id)],
    client_keys: account.client_keys.map((key) =>
      key.client_key === acme.limited ? { ...key, rate_limit: { guest_per_minute: limit } } : key,
    ),
  })),
})

describe('a limit over 3 replicas', () => {
  let databaseUrl: string
  let replicas: Replicas
  beforeAll(async () => {
    databaseUrl = await newDatabase()
    // the clock stands still, so the window doesn't move
    replicas = await startReplicas(databaseUrl, { count: 3, fixture: limited, clock: testClock() })
  })
  afterAll(() => replicas.stop())

  const ask = async (index: number) =>
    (await replicas.at(index).postFromShop(paths.guest, { client_key: acme.limited })).status

  test(`allows ${limit} calls, however they are distributed`, async () => {
    // a single replica would allow only its third of them
    const statuses = await many(limit * 3, ask)
    const passed = statuses.filter((status) => status === 200).length
    expect(passed).toBe(limit)
    expect(statuses.every((status) => status === 200 || status === 429)).toBe(true)
  })

  test('allows more calls once the first ones have left the window', async () => {
    replicas.at(0).clock.advance(60_000)
    expect(await many(3, ask)).toEqual([429, 429, 429])
    // accurate to a tenth of the window
    replicas.at(0).clock.advance(6_000)
    const statuses = await many(limit * 3, ask)
    expect(statuses.filter((status) => status === 200)).toHaveLength(limit)
  })

  test('applies once to the five keys of an account, and each key keeps its own limit', async () => {
    replicas.at(0).clock.advance(10_000)
    const responses = await many(150, async (index) => {
      const key = keys[index % keys.length] ?? ''
      const { status } = await replicas.at(index).get(cardPath(acme.activeCard, 'REVEAL'), bearer(key))
      return { key, status }
    })
    const passed = responses.filter(({ status }) => status === 200)
    expect(responses.every(({ status }) => status === 200 || status === 429)).toBe(true)
    // a call that a key's limit rejects counts toward the account for a moment, so it can cause another rejection
    expect(passed.length).toBeLessThanOrEqual(perSecond)
    expect(passed.length).toBeGreaterThanOrEqual(perSecond / 2)
    for (const key of keys) expect(passed.filter((one) => one.key === key).length).toBeLessThanOrEqual(8)
    // when no calls are in progress, everything that was taken back is available again
    replicas.at(0).clock.advance(2_000)
    const [first = '', second = '', third = ''] = keys
    const passing = async (key: string) => {
      const statuses = []
      for (let index = 0; index < 12; index++) {
        const { status } = await replicas.at(index).get(cardPath(acme.activeCard, 'REVEAL'), bearer(key))
        statuses.push(status)
      }
      return statuses.filter((status) => status === 200).length
    }
    expect([await passing(first), await passing(second), await passing(third)]).toEqual([8, 8, 4])
  })

  test('a database that cannot count lets no more calls through than the limit, and not none', async () => {
    replicas.at(0).clock.advance(70_000)
    await ask(0)
    replicas.at(0).clock.advance(70_000)
    // counting waits until its time limit, while everything else goes on
    const locker = new pg.Client({ connectionString: directUrlOf(databaseUrl) ?? databaseUrl })
    await locker.connect()
    await locker.query('begin; lock table rate_limits in access exclusive mode')
    const statuses = await many(limit * 3, ask)
    await locker.end()
    const passed = statuses.filter((status) => status === 200).length
    expect(passed).toBeLessThanOrEqual(limit)
    expect(passed).toBeGreaterThan(0)
    expect(statuses.every((status) => status === 200 || status === 429 || status === 503)).toBe(true)
    replicas.at(0).clock.advance(70_000)
    // connections that waited are replaced first
    const soon = { timeout: 20_000, interval: 100 }
    for (const index of [0, 1, 2]) await vi.waitFor(async () => expect(await ask(index)).toBe(200), soon)
    expect(await many(limit * 3, ask)).toContain(429)
  })

  test("a flood of rejected calls doesn't reach the database", async () => {
    // each replica knows the limit is reached, and would fail if it queried the database now
    await query(databaseUrl, 'alter table rate_limits rename to elsewhere')
    expect(await many(300, ask)).toEqual(Array(300).fill(429))
    await query(databaseUrl, 'alter table elsewhere rename to rate_limits')
  })
})

describe('a window that replicas share', () => {
  let database: OpenDatabase
  let databaseUrl: string
  beforeAll(async () => {
    databaseUrl = await newDatabase()
    database = openPostgres(databaseUrl, 5)
    await migrate(database.db)
  })
  afterAll(() => database.close())
  let keys = 0

  /** Calls of three replicas in turn, each after a wait. Returns the times of the accepted ones. */
  async function passing(quota: { limit: number; windowSeconds: number }, waits: readonly number[]) {
    const clock = testClock(1_795_248_000_000)
    const { shared } = database
    if (!shared) throw new Error('the limit is not shared')
    const replica = () =>
      createSharedWindow({ clock, local: createSlidingWindow(clock), database: shared, servers: () => 1 })
    const replicas = [replica(), replica(), replica()]
    const key = `key ${keys++}`
    const times: number[] = []
    const consume = async (index: number) => {
      const response = await replicas[index % 3]?.consume([{ key, quota }])
      if (response?.allowed) times.push(clock.now())
      return response
    }
    for (const [index, wait] of waits.entries()) {
      clock.advance(wait)
      await consume(index)
    }
    return { times, clock, consume }
  }

  const quota = { limit: 5, windowSeconds: 10 }
  const waits = fc.array(
    fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 12_000 })),
    {
      minLength: 1,
      maxLength: 25,
    },
  )

  test('never allows more than its limit, wherever the window begins', async () => {
    await fc.assert(
      fc.asyncProperty(waits, async (each) => {
        const { times } = await passing(quota, each)
        for (const [index, time] of times.entries()) {
          const inWindow = times.slice(0, index + 1).filter((other) => other > time - quota.windowSeconds * 1_000)
          expect(inWindow.length).toBeLessThanOrEqual(quota.limit)
        }
      }),
      { numRuns: 25 },
    )
  })

  test('accepts a caller who waited for Retry-After', async () => {
    await fc.assert(
      fc.asyncProperty(waits, async (each) => {
        const { clock, consume } = await passing(quota, each)
        const first = await consume(0)
        if (first?.allowed) return
        expect(first?.resetSeconds).toBeLessThanOrEqual(quota.windowSeconds * 1.1 + 1)
        clock.advance((first?.resetSeconds ?? 0) * 1_000)
        expect(await consume(0)).toMatchObject({ allowed: true })
      }),
      { numRuns: 25 },
    )
  })

  test("cleans up by the database's clock, so a wrong local clock deletes no live count", async () => {
    const { shared } = database
    if (!shared) throw new Error('the limit is not shared')
    onTestFinished(() => void vi.useRealTimers())
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 365 * 24 * 3_600_000 })
    const clock = { now: Date.now }
    const replica = createSharedWindow({ clock, local: createSlidingWindow(clock), database: shared, servers: () => 1 })
    const meter = { key: 'live', quota: { limit: 1, windowSeconds: 60 } }
    await replica.consume([meter])
    await replica.clear()
    const liveRows = () => query(databaseUrl, "select key from rate_limits where key like 'live %'")
    expect(await liveRows()).toHaveLength(1)
    await query(databaseUrl, "update rate_limits set expire = expire - 180001 where key like 'live %'")
    await replica.clear()
    expect(await liveRows()).toEqual([])
  })

  test('rejects no caller who uses at most nine tenths of it', async () => {
    const calls = 60
    const { times } = await passing({ limit: 20, windowSeconds: 10 }, Array(calls).fill(10_000 / (20 * 0.9)))
    expect(times).toHaveLength(calls)
  })
})
