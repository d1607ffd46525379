import { describe, expect, test } from 'vitest'
import { type Allowance, tightest } from './allowance.js'

const quota = { limit: 10, windowSeconds: 60 }
const open = (remaining: number): Allowance => ({ allowed: true, quota, remaining, resetSeconds: 60 })
const closed = (resetSeconds: number): Allowance => ({ allowed: false, quota, remaining: 0, resetSeconds })

describe('the tightest of several allowances', () => {
  test.each([
    ['the fewest calls left', open(1), [open(3), open(1), open(2)]],
    ['the longest refusal', closed(9), [closed(3), closed(9), closed(6)]],
    ['a refusal, however short', closed(1), [open(0), closed(1), open(5)]],
  ])('is the one with %s, in any order', (_, expected, all) => {
    for (const order of [all, all.toReversed(), [...all.slice(1), ...all.slice(0, 1)]]) {
      expect(tightest(order)).toEqual(expected)
    }
  })

  test('is undefined for an empty list', () => {
    expect(tightest([])).toBeUndefined()
  })
})
