import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Quota } from './allowance.js'
import { createSlidingWindow } from './sliding-window.js'

const start = 1_795_248_000_000

function setUp(at = start) {
  let now = at
  const window = createSlidingWindow({ now: () => now })
  const consume = (key: string, quota: Quota) => {
    const allowance = window.consume([{ key, quota }])
    if (!allowance) throw new Error('a meter always has an allowance')
    return allowance
  }
  return {
    window,
    consume,
    now: () => now,
    advance: (milliseconds: number) => {
      now += milliseconds
    },
  }
}

const quotas = fc.record({ limit: fc.integer({ min: 1, max: 12 }), windowSeconds: fc.constantFrom(1, 2, 10, 60) })
/** Waits before each call, as fractions of the window: in bursts, within a slot, over slots, over windows. */
const waits = fc.array(
  fc.oneof(fc.constant(0), fc.double({ min: 0, max: 0.2, noNaN: true }), fc.double({ min: 0, max: 3, noNaN: true })),
  {
    minLength: 1,
    maxLength: 80,
  },
)

/** Makes a call after each wait. Returns the times of the calls that were allowed. */
function run(
  quota: Quota,
  parts: readonly number[],
  each?: (allowed: boolean, now: number, times: readonly number[]) => void,
) {
  const { consume, advance, now } = setUp()
  const times: number[] = []
  for (const part of parts) {
    advance(Math.floor(part * quota.windowSeconds * 1000))
    const { allowed } = consume('key', quota)
    each?.(allowed, now(), times)
    if (allowed) times.push(now())
  }
  return times
}

describe('a sliding window', () => {
  test('allows as many calls as its limit, and reports its state', () => {
    const { consume, advance } = setUp()
    const quota = { limit: 2, windowSeconds: 60 }
    expect(consume('a', quota)).toEqual({ allowed: true, quota, remaining: 1, resetSeconds: 60 })
    advance(10_000)
    expect(consume('a', quota)).toEqual({ allowed: true, quota, remaining: 0, resetSeconds: 50 })
    expect(consume('a', quota)).toEqual({ allowed: false, quota, remaining: 0, resetSeconds: 50 })
    advance(49_999)
    expect(consume('a', quota)).toEqual({ allowed: false, quota, remaining: 0, resetSeconds: 1 })
    advance(1)
    expect(consume('a', quota)).toEqual({ allowed: true, quota, remaining: 0, resetSeconds: 10 })
  })

  test('counts each key separately', () => {
    const { consume } = setUp()
    const quota = { limit: 1, windowSeconds: 60 }
    expect(consume('a', quota).allowed).toBe(true)
    expect(consume('b', quota).allowed).toBe(true)
    expect(consume('a', quota).allowed).toBe(false)
  })

  test('never allows more than its limit in any window', () => {
    fc.assert(
      fc.property(quotas, waits, (quota, parts) => {
        const times = run(quota, parts)
        for (const end of times) {
          const inWindow = times.filter((time) => time > end - quota.windowSeconds * 1000 && time <= end)
          expect(inWindow.length).toBeLessThanOrEqual(quota.limit)
        }
      }),
    )
  })

  test('allows a call if and only if fewer calls than the limit were made in the window before it', () => {
    fc.assert(
      fc.property(quotas, waits, (quota, parts) => {
        run(quota, parts, (allowed, now, times) => {
          const recent = times.filter((time) => time > now - quota.windowSeconds * 1000)
          expect(allowed).toBe(recent.length < quota.limit)
        })
      }),
    )
  })

  test('after the reported wait, another call is always allowed', () => {
    fc.assert(
      fc.property(quotas, waits, fc.nat(999), (quota, parts, offset) => {
        const { consume, advance } = setUp(start + offset)
        for (const part of parts) {
          advance(Math.floor(part * quota.windowSeconds * 1000))
          const { allowed, resetSeconds } = consume('key', quota)
          expect(resetSeconds).toBeGreaterThanOrEqual(1)
          if (allowed) continue
          advance(resetSeconds * 1000)
          expect(consume('key', quota).allowed).toBe(true)
        }
      }),
    )
  })

  test("a refused call isn't charged", () => {
    fc.assert(
      fc.property(quotas, fc.integer({ min: 1, max: 50 }), (quota, refused) => {
        const outcome = (extra: number) => {
          const { consume, advance } = setUp()
          for (let i = 0; i < quota.limit + extra; i++) consume('key', quota)
          advance(quota.windowSeconds * 1000)
          return Array.from({ length: quota.limit + 1 }, () => consume('key', quota).allowed)
        }
        expect(outcome(refused)).toEqual(outcome(0))
        expect(outcome(refused)).toEqual([...Array<boolean>(quota.limit).fill(true), false])
      }),
    )
  })

  test('remaining is the number of calls that are still allowed at once', () => {
    fc.assert(
      fc.property(quotas, waits, (quota, parts) => {
        const { consume, advance } = setUp()
        let last = { remaining: quota.limit }
        for (const part of parts) {
          advance(Math.floor(part * quota.windowSeconds * 1000))
          last = consume('key', quota)
        }
        for (let left = last.remaining; left > 0; left--) expect(consume('key', quota).allowed).toBe(true)
        expect(consume('key', quota).allowed).toBe(false)
      }),
    )
  })

  test('a clock that goes back allows no extra calls', () => {
    const { consume, advance } = setUp()
    const quota = { limit: 3, windowSeconds: 60 }
    for (let i = 0; i < 3; i++) consume('key', quota)
    for (const back of [1000, 60_000, 3_600_000]) {
      advance(-back)
      expect(consume('key', quota).allowed).toBe(false)
    }
  })

  test('a clock that goes back refuses no call for longer than the window', () => {
    const { consume, advance } = setUp()
    const quota = { limit: 3, windowSeconds: 60 }
    for (let i = 0; i < 3; i++) consume('key', quota)
    advance(-3_600_000)
    const { allowed, resetSeconds } = consume('key', quota)
    expect({ allowed, resetSeconds }).toEqual({ allowed: false, resetSeconds: 60 })
    advance(resetSeconds * 1000)
    expect(consume('key', quota)).toMatchObject({ allowed: true, remaining: 2 })
  })

  test('a large limit is counted exactly, window after window', () => {
    const { consume, advance } = setUp()
    const quota = { limit: 1000, windowSeconds: 1 }
    for (let window = 0; window < 20; window++) {
      const allowed = Array.from({ length: 1001 }, () => consume('key', quota).allowed)
      expect(allowed.indexOf(false)).toBe(1000)
      advance(1000)
    }
  })

  test('drops only the least recently used key when there are too many', () => {
    const { consume } = setUp()
    const quota = { limit: 1, windowSeconds: 60 }
    consume('first', quota)
    consume('second', quota)
    for (let i = 0; i < 99_999; i++) consume(`key ${i}`, quota)
    expect(consume('second', quota).allowed).toBe(false)
    expect(consume('first', quota).allowed).toBe(true)
  })
})

describe('the memory of a window', () => {
  test('holds at most 100,000 keys, and expired ones make room for new ones', () => {
    const { window, consume, advance } = setUp()
    for (let index = 0; index < 1_000; index++) consume(`old ${index}`, { limit: 1, windowSeconds: 60 })
    expect(window.size()).toEqual({ keys: 1_000, calls: 1_000 })
    advance(59_999)
    for (let index = 0; index < 100; index++) consume(`new ${index}`, { limit: 1, windowSeconds: 60 })
    expect(window.size().keys).toBe(1_100)
    advance(1)
    for (let index = 0; index < 130; index++) consume('new 0', { limit: 1, windowSeconds: 60 })
    expect(window.size().keys).toBe(100)
    for (let index = 0; index < 100_001; index++) consume(`flood ${index}`, { limit: 1, windowSeconds: 60 })
    expect(window.size().keys).toBe(100_000)
  })

  test('drops at most 8 expired keys a call, so no call pays for all of them', () => {
    const { window, consume, advance } = setUp()
    for (let index = 0; index < 100; index++) consume(`old ${index}`, { limit: 1, windowSeconds: 60 })
    advance(60_000)
    consume('old 99', { limit: 1, windowSeconds: 60 })
    expect(window.size().keys).toBe(92)
  })

  test('for a busy key, holds at most twice the calls of its window, or 64 more', () => {
    const { window, consume, advance } = setUp()
    const quota = { limit: 1_000, windowSeconds: 10 }
    for (const [calls, wait] of [
      [5_000, 20],
      [5_000, 1_000],
    ] as const) {
      for (let index = 0; index < calls; index++) {
        advance(wait)
        expect(consume('key', quota).allowed).toBe(true)
      }
      const inWindow = 10_000 / wait
      expect(window.size().calls).toBeLessThanOrEqual(inWindow + Math.max(64, inWindow))
    }
  })
})
