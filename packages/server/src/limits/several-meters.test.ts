import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSlidingWindow } from './sliding-window.js'

function setUp() {
  let now = 1_795_248_000_000
  const window = createSlidingWindow({ now: () => now })
  const advance = (milliseconds: number) => {
    now += milliseconds
  }
  return { window, advance }
}

describe('several meters of one call', () => {
  const meters = (...limits: number[]) =>
    limits.map((limit, index) => ({ key: `key ${index}`, quota: { limit, windowSeconds: 60 } }))

  test('are charged all together, or none of them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 }),
        fc.array(fc.subarray([0, 1, 2, 3], { minLength: 1 }), { minLength: 1, maxLength: 30 }),
        (limits, calls) => {
          const { window } = setUp()
          const all = meters(...limits)
          const used = all.map(() => 0)
          for (const call of calls) {
            const asked = call.filter((index) => index < all.length)
            const fits = asked.every((index) => (used[index] ?? 0) < (limits[index] ?? 0))
            const allowance = window.consume(all.filter((_, index) => asked.includes(index)))
            expect(allowance?.allowed).toBe(asked.length === 0 ? undefined : fits)
            if (fits) for (const index of asked) used[index] = (used[index] ?? 0) + 1
          }
          for (const [index, meter] of all.entries()) {
            const left = Array.from({ length: 10 }, () => window.consume([meter])).filter((answer) => answer?.allowed)
            expect(left).toHaveLength((limits[index] ?? 0) - (used[index] ?? 0))
          }
        },
      ),
    )
  })

  test('report the one with the fewest calls left, or the longest refusal', () => {
    const { window, advance } = setUp()
    const wide = { key: 'wide', quota: { limit: 5, windowSeconds: 60 } }
    const narrow = { key: 'narrow', quota: { limit: 2, windowSeconds: 10 } }
    expect(window.consume([wide, narrow])).toMatchObject({ allowed: true, quota: narrow.quota, remaining: 1 })
    expect(window.consume([wide, narrow])).toMatchObject({ allowed: true, quota: narrow.quota, remaining: 0 })
    expect(window.consume([wide, narrow])).toMatchObject({ allowed: false, quota: narrow.quota, resetSeconds: 10 })
    for (let i = 0; i < 3; i++) window.consume([wide])
    expect(window.consume([narrow, wide])).toMatchObject({ allowed: false, quota: wide.quota, resetSeconds: 60 })
    advance(10_000)
    expect(window.consume([wide, narrow])).toMatchObject({ allowed: false, quota: wide.quota, resetSeconds: 50 })
  })

  test('reading them charges nothing, and refunding undoes a call', () => {
    const { window } = setUp()
    const meter = { key: 'one', quota: { limit: 1, windowSeconds: 60 } }
    expect(window.look([meter])).toBeUndefined()
    window.consume([meter])
    expect(window.look([meter])).toMatchObject({ allowed: false, remaining: 0, resetSeconds: 60 })
    window.takeBack([meter])
    expect(window.look([meter])).toMatchObject({ allowed: true, remaining: 1 })
  })

  test('refunding a call that left the window, or was never made, allows no extra calls', () => {
    const { window, advance } = setUp()
    const meter = { key: 'one', quota: { limit: 2, windowSeconds: 60 } }
    window.takeBack([meter])
    window.consume([meter])
    advance(60_000)
    window.look([meter])
    window.takeBack([meter])
    const passed = Array.from({ length: 4 }, () => window.consume([meter])?.allowed)
    expect(passed).toEqual([true, true, false, false])
  })
})
