import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { followDatabaseClock } from './database-clock.js'

const random = () => Buffer.alloc(0)

describe("a clock that follows the database's clock", () => {
  test('equals the local clock before the first reading', () => {
    const { clock, skew } = followDatabaseClock({ now: () => 1_000, random })
    expect(clock.now()).toBe(1_000)
    expect(skew()).toBe(0)
  })

  test('is off by at most the round trip, however it splits between the two directions', () => {
    const part = fc.double({ min: 0, max: 1, noNaN: true })
    const readings = fc.array(fc.record({ roundTrip: fc.integer({ min: 0, max: 2_000 }), there: part }), {
      minLength: 1,
    })
    fc.assert(
      fc.property(fc.integer({ min: -40_000, max: 40_000 }), readings, (difference, each) => {
        let now = 1_795_248_000_000
        const follower = followDatabaseClock({ now: () => now, random })
        let best = Number.POSITIVE_INFINITY
        for (const { roundTrip, there } of each) {
          const asked = now
          const time = Math.floor(now + roundTrip * there) + difference
          now += roundTrip
          follower.observe({ asked, answered: now, time })
          best = Math.min(best, roundTrip)
          expect(Math.abs(follower.clock.now() - (now + difference))).toBeLessThanOrEqual(best + 1)
        }
        expect(Math.abs(follower.skew() - Math.abs(difference))).toBeLessThanOrEqual(best + 1)
      }),
    )
  })

  test('adjusts when the local clock is set', () => {
    let now = 50_000
    const { clock, observe } = followDatabaseClock({ now: () => now, random })
    observe({ asked: now, answered: now, time: 50_000 })
    now += 3_600_000
    observe({ asked: now, answered: now, time: 51_000 })
    expect(clock.now()).toBe(51_000)
  })
})
