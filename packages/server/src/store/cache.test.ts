import { describe, expect, test } from 'vitest'
import { createCache } from './cache.js'
import { followChanges } from './changes.js'

function setUp(maxEntries = 10) {
  let now = 0
  let loads = 0
  const changes = followChanges({ maxAccounts: 10 })
  const options = { elapsed: () => now, changes, maxAgeMilliseconds: 1_000, maxEntries }
  // the first letter of a value is its account
  const cache = createCache<string>({ ...options, accountOf: (value) => value.slice(0, 1) })
  return {
    ...cache,
    change: changes.note,
    advance: (milliseconds: number) => {
      now += milliseconds
    },
    loads: () => loads,
    /** What the database would return. */
    ask: (key: string, value: string | undefined) =>
      cache.get(key, async () => {
        loads++
        return value
      }),
  }
}

/** A result that arrives when the test says so. */
function later() {
  let resolve = (_value: string) => {}
  const promise = new Promise<string>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

describe('a cache', () => {
  test('keeps a value until it reaches the maximum age', async () => {
    const { ask, advance } = setUp()
    expect(await ask('a', 'one')).toBe('one')
    advance(999)
    expect(await ask('a', 'two')).toBe('one')
    advance(1)
    expect(await ask('a', 'two')).toBe('two')
  })

  test('counts the age from the query, because the result may be that old', async () => {
    const { get, ask, advance } = setUp()
    const { promise, resolve } = later()
    const asked = get('a', () => promise)
    advance(999)
    resolve('one')
    expect(await asked).toBe('one')
    advance(1)
    expect(await ask('a', 'two')).toBe('two')
  })

  test("caches missing values just as long, so timing doesn't reveal whether a value exists", async () => {
    const { ask, advance } = setUp()
    expect(await ask('a', undefined)).toBeUndefined()
    advance(999)
    expect(await ask('a', 'one')).toBeUndefined()
    advance(1)
    expect(await ask('a', 'one')).toBe('one')
  })

  test('keeps known values during a flood of unknown keys', async () => {
    const { ask, loads } = setUp(2)
    await ask('a', 'one')
    for (const key of ['b', 'c', 'd', 'e']) await ask(key, undefined)
    expect(await ask('a', 'two')).toBe('one')
    expect(loads()).toBe(5)
  })

  test('loads once for all simultaneous callers', async () => {
    const { ask, loads } = setUp()
    expect(await Promise.all([ask('a', 'one'), ask('a', 'two'), ask('a', 'three')])).toEqual(['one', 'one', 'one'])
    expect(loads()).toBe(1)
  })

  test('retries after a failed load', async () => {
    const { get, ask } = setUp()
    await expect(get('a', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
    expect(await ask('a', 'one')).toBe('one')
  })

  test("discards running loads when something changes, and later callers don't get their results", async () => {
    const { get, ask, change } = setUp()
    const { promise, resolve } = later()
    const asked = get('a', () => promise)
    change('o')
    expect(await ask('a', 'new')).toBe('new')
    resolve('old')
    expect(await asked).toBe('old')
    expect(await ask('a', 'newer')).toBe('new')
  })

  test('keeps the values of an account while another changes, and nothing that was missing', async () => {
    const { ask, change } = setUp()
    await ask('a', 'one')
    await ask('b', 'two')
    await ask('c', undefined)
    change('o')
    expect(await ask('a', 'o, changed')).toBe('o, changed')
    expect(await ask('b', 't, changed')).toBe('two')
    expect(await ask('c', 'three')).toBe('three')
    change()
    expect(await ask('b', 't, changed')).toBe('t, changed')
  })

  test('keeps a load during which only another account changed', async () => {
    const { get, ask, change } = setUp()
    const { promise, resolve } = later()
    const asked = get('a', () => promise)
    change('o')
    resolve('two')
    expect(await asked).toBe('two')
    expect(await ask('a', 't, changed')).toBe('two')
  })

  test('returns the last known value, however old, if the caller asks for it', async () => {
    const { ask, peek, change, advance } = setUp()
    await ask('a', 'one')
    advance(60_000)
    change()
    expect(peek('a')).toBe('one')
    expect(peek('b')).toBeUndefined()
  })

  test('is bounded, and drops the value that was loaded first', async () => {
    const { ask, peek } = setUp(2)
    for (const key of ['a', 'b', 'c']) await ask(key, key)
    expect(['a', 'b', 'c'].map(peek)).toEqual([undefined, 'b', 'c'])
  })
})
