import { describe, expect, test } from 'vitest'
import { createCache } from './cache.js'

function setUp(maxEntries = 10) {
  let now = 0
  let loads = 0
  const cache = createCache<string>({ elapsed: () => now, maxAgeMilliseconds: 1_000, maxEntries })
  return {
    ...cache,
    advance: (milliseconds: number) => {
      now += milliseconds
    },
    loads: () => loads,
    /** What the database would answer. */
    ask: (key: string, value: string | undefined) =>
      cache.get(key, async () => {
        loads++
        return value
      }),
  }
}

/** An answer that comes when the test says so. */
function later() {
  let resolve = (_value: string) => {}
  const promise = new Promise<string>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

describe('a cache', () => {
  test('keeps a value for less than its age', async () => {
    const { ask, advance } = setUp()
    expect(await ask('a', 'one')).toBe('one')
    advance(999)
    expect(await ask('a', 'two')).toBe('one')
    advance(1)
    expect(await ask('a', 'two')).toBe('two')
  })

  test('counts the age from the question, since the answer may be as old as that', async () => {
    const { get, ask, advance } = setUp()
    const { promise, resolve } = later()
    const asked = get('a', () => promise)
    advance(999)
    resolve('one')
    expect(await asked).toBe('one')
    advance(1)
    expect(await ask('a', 'two')).toBe('two')
  })

  test('remembers as long that nothing is there, so that what is unknown cannot be told by the time it takes', async () => {
    const { ask, advance } = setUp()
    expect(await ask('a', undefined)).toBeUndefined()
    advance(999)
    expect(await ask('a', 'one')).toBeUndefined()
    advance(1)
    expect(await ask('a', 'one')).toBe('one')
  })

  test('keeps the known through a flood of the unknown', async () => {
    const { ask, loads } = setUp(2)
    await ask('a', 'one')
    for (const key of ['b', 'c', 'd', 'e']) await ask(key, undefined)
    expect(await ask('a', 'two')).toBe('one')
    expect(loads()).toBe(5)
  })

  test('loads once, however many ask at a time', async () => {
    const { ask, loads } = setUp()
    expect(await Promise.all([ask('a', 'one'), ask('a', 'two'), ask('a', 'three')])).toEqual(['one', 'one', 'one'])
    expect(loads()).toBe(1)
  })

  test('a load that fails is asked again', async () => {
    const { get, ask } = setUp()
    await expect(get('a', () => Promise.reject(new Error('gone')))).rejects.toThrow('gone')
    expect(await ask('a', 'one')).toBe('one')
  })

  test('when it expires, what is under way is neither kept nor given to whoever asks after', async () => {
    const { get, ask, expire } = setUp()
    const { promise, resolve } = later()
    const asked = get('a', () => promise)
    expire()
    expect(await ask('a', 'new')).toBe('new')
    resolve('old')
    expect(await asked).toBe('old')
    expect(await ask('a', 'newer')).toBe('new')
  })

  test('gives the last known value, however old, to who asks for that', async () => {
    const { ask, peek, expire, advance } = setUp()
    await ask('a', 'one')
    advance(60_000)
    expire()
    expect(peek('a')).toBe('one')
    expect(peek('b')).toBeUndefined()
  })

  test('is bounded: the one loaded longest ago goes', async () => {
    const { ask, peek } = setUp(2)
    for (const key of ['a', 'b', 'c']) await ask(key, key)
    expect(['a', 'b', 'c'].map(peek)).toEqual([undefined, 'b', 'c'])
  })
})
