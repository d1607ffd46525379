import { describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../store/failure.js'
import type { Meter } from './allowance.js'
import { createSharedWindow } from './shared-window.js'
import { createSlidingWindow } from './sliding-window.js'

const second = 1000
const start = 1_795_248_000_000
const quota = { limit: 3, windowSeconds: 10 }
const meter: Meter = { key: 'one', quota }

/** Replicas that share a table of counts, as the statement of `countCalls` maintains it. */
function setUp(servers = 1) {
  let now = start
  let questions = 0
  let failure: Error | undefined
  /** What fails: counting a call, or undoing it. */
  let failing = 1
  const table = new Map<string, number>()
  const query = async ({ values }: { values: unknown[] }) => {
    // the parameters of that statement
    const [keys, points, alsoRead] = values as [string[], number, string[]]
    questions++
    if (failure && points === failing) throw failure
    for (const key of keys) table.set(key, (table.get(key) ?? 0) + points)
    const rows = [...keys, ...alsoRead].filter((key) => table.has(key)).map((key) => ({ key, points: table.get(key) }))
    return { rows, rowCount: rows.length }
  }
  const clock = { now: () => now }
  const newReplica = () => {
    const local = createSlidingWindow(clock)
    const shared = createSharedWindow({ clock, local, database: { query }, servers: () => servers })
    return { consume: (...meters: Meter[]) => shared.consume(meters.length > 0 ? meters : [meter]) }
  }
  return {
    replicas: [newReplica(), newReplica(), newReplica()] as const,
    questions: () => questions,
    advance: (milliseconds: number) => {
      now += milliseconds
    },
    fail: (error: Error | undefined, when: 'counting' | 'refunding' = 'counting') => {
      failure = error
      failing = when === 'counting' ? 1 : -1
    },
  }
}

const refused = { allowed: false, remaining: 0 }

describe('a window that replicas share', () => {
  test('counts the calls of all replicas, and reports the tighter of its own and the shared count', async () => {
    const { replicas } = setUp()
    const [one, other] = replicas
    expect(await one.consume()).toEqual({ allowed: true, quota, remaining: 2, resetSeconds: 10 })
    expect(await other.consume()).toEqual({ allowed: true, quota, remaining: 1, resetSeconds: 11 })
    expect(await one.consume()).toEqual({ allowed: true, quota, remaining: 0, resetSeconds: 11 })
    expect(await other.consume()).toEqual({ allowed: false, quota, remaining: 0, resetSeconds: 11 })
  })

  test('a refusal lasts exactly until the slot of the oldest call leaves the window', async () => {
    const { replicas, advance } = setUp()
    const [one, other] = replicas
    await one.consume()
    advance(3 * second)
    for (const _ of [1, 2]) await one.consume()
    advance(2 * second)
    expect(await other.consume()).toMatchObject({ ...refused, resetSeconds: 6 })
    advance(6 * second - 1)
    expect(await other.consume()).toMatchObject({ ...refused, resetSeconds: 1 })
    advance(1)
    expect(await other.consume()).toMatchObject({ allowed: true, remaining: 0 })
  })

  test("a replica that can refuse a call by itself doesn't query the database", async () => {
    const { replicas, questions } = setUp()
    const [one, other] = replicas
    for (const _ of [1, 2, 3]) await one.consume()
    expect(await one.consume()).toMatchObject(refused)
    expect(questions()).toBe(3)
    // the first refusal is counted and undone
    expect(await other.consume()).toMatchObject(refused)
    expect(questions()).toBe(5)
    expect(await other.consume()).toMatchObject(refused)
    expect(questions()).toBe(5)
  })

  test('the same holds from the first millisecond of a slot', async () => {
    const { replicas, questions } = setUp()
    const brief = { key: 'brief', quota: { limit: 1, windowSeconds: 1 } }
    await replicas[0].consume(brief)
    await replicas[1].consume(brief)
    expect(await replicas[1].consume(brief)).toMatchObject(refused)
    expect(questions()).toBe(3)
  })

  test("a refused call isn't counted anywhere", async () => {
    const { replicas, advance, fail } = setUp()
    const [one, other, third] = replicas
    for (const _ of [1, 2, 3]) await one.consume()
    advance(5 * second)
    expect(await other.consume()).toMatchObject(refused)
    advance(6 * second)
    expect(await third.consume()).toMatchObject({ allowed: true, remaining: 2 })
    fail(new StoreUnavailable())
    expect(await other.consume()).toMatchObject({ allowed: true, remaining: 2 })
  })

  test('a call with two meters is charged to both, or to none if one of them is exhausted', async () => {
    const { replicas, questions } = setUp()
    const [one, other, third] = replicas
    const wide = { key: 'wide', quota: { limit: 5, windowSeconds: 10 } }
    for (const _ of [1, 2, 3]) await one.consume(meter, wide)
    expect(await other.consume(meter, wide)).toMatchObject({ ...refused, quota })
    const asked = questions()
    expect(await other.consume(meter, wide)).toMatchObject({ ...refused, quota })
    expect(questions()).toBe(asked)
    expect(await third.consume(wide)).toMatchObject({ allowed: true, remaining: 1 })
  })

  test('a clock that goes back ends a refusal more than one window ahead', async () => {
    const { replicas, advance } = setUp()
    const [one, other] = replicas
    for (const _ of [1, 2, 3]) await one.consume()
    expect(await other.consume()).toMatchObject(refused)
    advance(-3_600 * second)
    expect(await other.consume()).toMatchObject({ allowed: true })
  })
})

describe('while the database fails', () => {
  test('replicas together allow no more than the limit, and at least one call each', async () => {
    const { replicas, fail, advance } = setUp(3)
    fail(new StoreUnavailable())
    const passing = async (limit: number) => {
      const calls = Array.from({ length: 3 * (limit + 1) }, (_, index) => replicas[index % 3])
      const each = await Promise.all(calls.map((one) => one?.consume({ key: `${limit}`, quota: { ...quota, limit } })))
      return each.filter((allowance) => allowance?.allowed).length
    }
    expect([await passing(100), await passing(99), await passing(3), await passing(1)]).toEqual([99, 99, 3, 3])
    // a refused call isn't counted, and may be tried again soon
    const wide = { key: '99', quota: { limit: 99, windowSeconds: 10 } }
    expect(await replicas[0].consume(wide)).toMatchObject({ ...refused, resetSeconds: 5 })
    advance(10 * second)
    expect(await replicas[0].consume(wide)).toMatchObject({ allowed: true, remaining: 98 })
  })

  test('a single server enforces the limit by itself, including earlier calls', async () => {
    const { replicas, fail } = setUp()
    const [one, other] = replicas
    for (const _ of [1, 2]) await one.consume()
    fail(new StoreUnavailable())
    expect(await one.consume()).toMatchObject({ allowed: true, remaining: 0 })
    expect(await one.consume()).toMatchObject(refused)
    expect(await other.consume()).toMatchObject({ allowed: true, remaining: 2 })
  })

  test("a call is still refused if it can't be undone", async () => {
    const { replicas, fail } = setUp()
    const [one, other] = replicas
    for (const _ of [1, 2, 3]) await one.consume()
    fail(new StoreUnavailable(), 'refunding')
    expect(await other.consume()).toMatchObject(refused)
  })

  test.each(['counting', 'refunding'] as const)('any other error while %s is thrown', async (when) => {
    const { replicas, fail } = setUp()
    const [one, other] = replicas
    for (const _ of [1, 2, 3]) await one.consume()
    const bug = new TypeError('a bug')
    fail(bug, when)
    await expect(other.consume()).rejects.toBe(bug)
  })
})
