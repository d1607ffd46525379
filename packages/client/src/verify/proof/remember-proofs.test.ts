import { expect, test } from 'vitest'
import { createProofMemory } from './remember-proofs.js'

test('a proof is new once, until nothing accepts it any more', () => {
  let now = 0
  const remember = createProofMemory(() => now)
  expect([remember('a', 10), remember('a', 10), remember('b', 10)]).toEqual([true, false, true])
  now = 9_999
  expect(remember('a', 10)).toBe(false)
  now = 10_000
  expect(remember('a', 20)).toBe(true)
})

test('the memory is bounded: the oldest proofs are forgotten first', () => {
  const remember = createProofMemory(() => 0, 3)
  for (const id of ['a', 'b', 'c', 'd']) remember(id, 10)
  expect([remember('b', 10), remember('d', 10), remember('a', 10)]).toEqual([false, false, true])
})
