import { describe, expect, test } from 'vitest'
import { createFeedCache } from './feed-cache.js'

interface Feed {
  bytes: number
}
const setUp = () => createFeedCache<Feed>(({ bytes }) => bytes)
const fill = (cache: ReturnType<typeof setUp>, count: number, bytes: number, label = 'account') => {
  for (let index = 0; index < count; index++) cache.set(`${label} ${index}`, { bytes })
}
const kept = (cache: ReturnType<typeof setUp>, count: number, label = 'account') =>
  Array.from({ length: count }, (_, index) => index).filter((index) => cache.get(`${label} ${index}`)).length

describe('the feeds in memory', () => {
  test('are found by account, empty or not', () => {
    const cache = setUp()
    const [empty, filled] = [{ bytes: 0 }, { bytes: 1 }]
    cache.set('empty', empty)
    cache.set('filled', filled)
    expect(cache.get('empty')).toBe(empty)
    expect(cache.get('filled')).toBe(filled)
    expect(cache.get('another')).toBeUndefined()
  })

  test.each([
    ['empty', 0],
    ['filled', 1],
  ])('are at most 5,000 %s ones, and the least recently used one is dropped', (_, bytes) => {
    const cache = setUp()
    fill(cache, 5_000, bytes)
    expect(cache.get('account 0')).toBeDefined()
    cache.set('one more', { bytes })
    expect(cache.get('account 1')).toBeUndefined()
    expect(cache.get('account 0')).toBeDefined()
  })

  test('a flood of empty feeds drops no filled one, and vice versa', () => {
    const cache = setUp()
    const isKept = (account: string) => cache.get(account) !== undefined
    fill(cache, 5_000, 1)
    fill(cache, 6_000, 0, 'made up')
    expect(['account 0', 'account 4999', 'made up 999', 'made up 1000'].map(isKept)).toEqual([true, true, false, true])
    fill(cache, 6_000, 1, 'another')
    expect(['account 0', 'account 4999', 'made up 1000', 'made up 5999'].map(isKept)).toEqual([
      false,
      false,
      true,
      true,
    ])
  })

  test('have at most 8 MB of names', () => {
    const cache = setUp()
    fill(cache, 4, 2_000_000)
    expect(kept(cache, 4)).toBe(4)
    cache.set('small', { bytes: 1 })
    expect(kept(cache, 4)).toBe(3)
    expect(cache.get('small')).toBeDefined()
  })

  test('keep the newest, whatever its size', () => {
    const cache = setUp()
    fill(cache, 2, 2_000_000)
    cache.set('huge', { bytes: 9_000_000 })
    expect(kept(cache, 2)).toBe(0)
    expect(cache.get('huge')).toBeDefined()
  })

  test('count with their current size', () => {
    const cache = setUp()
    const growing = { bytes: 0 }
    cache.set('growing', growing)
    fill(cache, 3, 2_000_000)
    growing.bytes = 4_000_000
    expect(cache.get('growing')).toBe(growing)
    expect(kept(cache, 3)).toBe(2)
    growing.bytes = 0
    cache.set('growing', growing)
    fill(cache, 4, 2_000_000)
    expect(kept(cache, 4)).toBe(4)
  })
})
