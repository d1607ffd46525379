import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSteadyClock, slewRate } from './steady-clock.js'

const start = 1_795_248_000_000
const hour = 3_600_000

/** A steady clock over a wall clock that a test moves. */
function steadyOver() {
  let elapsed = 0
  let offset = start
  const clock = createSteadyClock({ target: () => elapsed + offset, elapsed: () => elapsed })
  return {
    clock,
    wall: () => elapsed + offset,
    pass: (milliseconds: number) => {
      elapsed += milliseconds
    },
    jump: (milliseconds: number) => {
      offset += milliseconds
    },
  }
}

const jumps = fc.oneof(fc.constant(0), fc.integer({ min: -2 * hour, max: 2 * hour }))
const steps = fc.array(fc.record({ pass: fc.integer({ min: 0, max: 90_000 }), jump: jumps }), { minLength: 1 })

describe('a steady clock', () => {
  test('never goes back and keeps its rate, whatever the wall clock does', () => {
    fc.assert(
      fc.property(steps, (each) => {
        const { clock, pass, jump } = steadyOver()
        let before = clock.now()
        for (const step of each) {
          jump(step.jump)
          pass(step.pass)
          const now = clock.now()
          expect(now).toBeGreaterThanOrEqual(before)
          expect(now - before).toBeGreaterThanOrEqual(step.pass * (1 - slewRate) - 1)
          expect(now - before).toBeLessThanOrEqual(step.pass * (1 + slewRate) + 1)
          before = now
        }
      }),
    )
  })

  test("reaches the wall clock after a jump, and doesn't overshoot", () => {
    fc.assert(
      fc.property(fc.integer({ min: -30_000, max: 30_000 }), (jumped) => {
        const { clock, wall, pass, jump } = steadyOver()
        jump(jumped)
        let gap = Math.abs(jumped)
        for (let second = 0; second * 1000 * slewRate <= Math.abs(jumped); second++) {
          pass(1_000)
          const now = Math.abs(clock.gap())
          expect(now).toBeLessThanOrEqual(gap)
          gap = now
        }
        expect(clock.now()).toBe(wall())
      }),
    )
  })

  test('moves by 50 ms at most when the wall clock jumps after an hour without a reading', () => {
    const { clock, pass, jump } = steadyOver()
    pass(hour)
    jump(hour)
    expect(clock.now() - start - hour).toBeLessThanOrEqual(50)
  })

  test('stands still while elapsed time goes back', () => {
    const { clock, pass } = steadyOver()
    pass(5_000)
    const before = clock.now()
    pass(-3_000)
    expect(clock.now()).toBe(before)
  })
})
