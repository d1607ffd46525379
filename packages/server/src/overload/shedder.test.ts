import { type Priority, priorities } from '@hallpass/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createShedder, intervalMilliseconds, type ShedCause } from './shedder.js'

const allowed = 200

function setUp() {
  let time = 1_000
  let [request, database] = [0, 0]
  const shedder = createShedder({
    allowed,
    now: () => time,
    requestDelay: () => request,
    databaseDelay: () => database,
  })
  /** A call some milliseconds later, which has waited for so long. */
  const call = (after: number, waited: number, priority: Priority = 'low', cause: ShedCause = 'event_loop') => {
    time += after
    request = cause === 'event_loop' ? waited : 0
    database = cause === 'database' ? waited : 0
    return shedder(priority)
  }
  return { call, now: () => time }
}

const priority = fc.constantFrom(...priorities)
const calls = fc.array(
  fc.record({ after: fc.integer({ min: 0, max: 120 }), waited: fc.integer({ max: 1_200, min: 0 }) }),
  {
    minLength: 1,
    maxLength: 200,
  },
)

describe('a queue before the event loop or the database', () => {
  test.each(['event_loop', 'database'] as const)('is refused work once it has stood for an interval: %s', (cause) => {
    const { call } = setUp()
    expect(call(0, 250, 'low', cause)).toBeUndefined()
    expect(call(intervalMilliseconds - 1, 250, 'low', cause)).toBeUndefined()
    expect(call(1, 250, 'low', cause)).toBe(cause)
  })

  test('is no overload if it is short once within the interval', () => {
    const { call } = setUp()
    for (let count = 0; count < 100; count++) {
      expect(call(intervalMilliseconds / 2, 5_000)).toBeUndefined()
      expect(call(1, allowed)).toBeUndefined()
    }
  })

  test('in an overload, the lowest priority is refused first and the highest last', () => {
    const refusedAt = (waited: number) => {
      const { call } = setUp()
      for (const each of priorities) call(0, 5_000, each)
      for (const each of priorities) call(each === 'low' ? intervalMilliseconds : 0, 5_000, each)
      return priorities.filter((each) => call(1, waited, each) !== undefined)
    }
    expect([100, 101, 151, 801].map(refusedAt)).toEqual([[], ['low'], ['low', 'normal'], ['low', 'normal', 'high']])
  })
})

describe('whatever calls come', () => {
  test('a call is refused only if it waited for longer than its priority bears', () => {
    const most = { low: 100, normal: 150, high: 800 }
    fc.assert(
      fc.property(priority, calls, (each, all) => {
        const { call } = setUp()
        for (const { after, waited } of all) if (call(after, waited, each)) expect(waited).toBeGreaterThan(most[each])
      }),
    )
  })

  test('the first refusal follows an interval in which every call waited too long', () => {
    fc.assert(
      fc.property(priority, calls, (each, all) => {
        const { call, now } = setUp()
        let shortAt = now()
        let firstLong: number | undefined
        for (const { after, waited } of all) {
          const isRefused = call(after, waited, each) !== undefined
          if (waited <= allowed) [shortAt, firstLong] = [now(), undefined]
          else firstLong ??= now()
          if (!isRefused) continue
          expect(now() - (firstLong ?? shortAt)).toBeGreaterThanOrEqual(intervalMilliseconds)
          return
        }
      }),
    )
  })

  test('a queue that stands is refused work, however it began', () => {
    fc.assert(
      fc.property(priority, calls, (each, all) => {
        const { call } = setUp()
        for (const { after, waited } of all) call(after, waited, each)
        for (let time = 0; time <= intervalMilliseconds; time += 10) call(10, 1_000, each)
        expect(call(10, 1_000, each)).toBe('event_loop')
      }),
    )
  })

  test('nothing is refused as soon as the queue is short', () => {
    fc.assert(
      fc.property(priority, calls, (each, all) => {
        const { call } = setUp()
        for (const { after, waited } of all) call(after, waited, each)
        expect(call(0, 100, each)).toBeUndefined()
      }),
    )
  })
})

test('3 × overload for 60 s: calls wait for up to 1 s, then 0.2 s, and none is refused after it', () => {
  // a refusal costs a fifth of a call, as measured
  const cost = { call: 0.2, refusal: 0.04 }
  const { call } = setUp()
  let [queue, time] = [0, 0]
  const worst = { beginning: 0, later: 0 }
  let [refused, refusedAfter] = [0, 0]
  const seconds = 60
  for (let tick = 0; time < (seconds + 5) * 1_000; tick++) {
    const load = time < seconds * 1_000 ? 3 : 0.5
    const phase = time < 2_000 ? 'beginning' : 'later'
    for (let offered = load; offered > 0; offered -= cost.call) {
      const isRefused = call(cost.call / load, queue, tick % 4 === 0 ? 'normal' : 'low') !== undefined
      queue = Math.max(0, queue + (isRefused ? cost.refusal : cost.call) - cost.call / load)
      time += cost.call / load
      worst[phase] = Math.max(worst[phase], queue)
      if (isRefused) refused++
      if (isRefused && time > (seconds + 1) * 1_000) refusedAfter++
    }
  }
  expect(refused).toBeGreaterThan(100_000)
  expect(worst.beginning).toBeLessThan(1_000)
  expect(worst.later).toBeLessThan(200)
  expect([refusedAfter, queue]).toEqual([0, 0])
})
