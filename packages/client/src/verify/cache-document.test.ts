import { describe, expect, test } from 'vitest'
import { cacheDocument } from './cache-document.js'

const policy = { fresh: 6_000, usable: 12_000, minRefetchInterval: 2_000 }

/** An issuer whose responses a test controls, and a clock that it sets. */
function setUp() {
  const asked: Answer<string>[] = []
  const clock = { now: 1_000_000 }
  const load = () => {
    const answer = openAnswer<string>()
    asked.push(answer)
    return answer.promise
  }
  const document = cacheDocument(load, policy, () => clock.now)
  const hold = async (value: string) => {
    const got = document.get()
    asked.at(-1)?.resolve(value)
    expect(await got).toBe(value)
  }
  return { asked, clock, document, hold }
}

interface Answer<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: Error) => void
}

function openAnswer<T>(): Answer<T> {
  let resolve = (_: T) => {}
  let reject = (_: Error) => {}
  const promise = new Promise<T>((...both) => {
    ;[resolve, reject] = both
  })
  return { promise, resolve, reject }
}

/** The value of a promise, or `waiting` if it is pending. */
const soon = (work: Promise<unknown>) =>
  Promise.race([work, new Promise((resolve) => setImmediate(resolve, 'waiting'))])

describe('a cached document', () => {
  test('blocks callers only once while the issuer hangs, then is served stale', async () => {
    const { asked, clock, document, hold } = setUp()
    await hold('first')
    clock.now += 13_000
    const first = document.get()
    expect(await soon(first)).toBe('waiting')
    // the request takes longer to fail than the interval before the next one
    clock.now += 5_000
    asked[1]?.reject(new Error('no response'))
    expect(await first).toBe('first')
    for (const pause of [0, 1_900, 200, 4_000]) {
      clock.now += pause
      expect(await soon(document.get())).toBe('first')
    }
    expect(asked).toHaveLength(3)
    asked[2]?.resolve('second')
    await asked[2]?.promise
    await soon(document.get())
    expect(await soon(document.get())).toBe('second')
  })

  test('blocks callers again if the last failure was long ago', async () => {
    const { asked, clock, document, hold } = setUp()
    await hold('first')
    clock.now += 13_000
    const got = document.get()
    asked[1]?.reject(new Error('no response'))
    await got
    clock.now += 120_000
    const later = document.get()
    asked[2]?.resolve('second')
    expect(await later).toBe('second')
  })

  test('is refreshed even if the clock was set back by an hour after a failure', async () => {
    const { asked, clock, document, hold } = setUp()
    await hold('first')
    clock.now += 7_000
    await document.get()
    asked[1]?.reject(new Error('no response'))
    await soon(document.get())
    clock.now -= 3_600_000
    const got = document.get()
    asked[2]?.resolve('second')
    expect(await got).toBe('second')
  })
})
