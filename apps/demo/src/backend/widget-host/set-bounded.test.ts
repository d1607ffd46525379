import { expect, test } from 'vitest'
import { setBounded } from './set-bounded.js'

test('a full map drops its oldest entry for a new one, but not when an entry changes', () => {
  const map = new Map<string, number>()
  for (const entry of [
    ['a', 1],
    ['b', 2],
    ['b', 3],
    ['c', 4],
  ] as const)
    setBounded(map, entry, 2)
  expect([...map]).toEqual([
    ['b', 3],
    ['c', 4],
  ])
})
