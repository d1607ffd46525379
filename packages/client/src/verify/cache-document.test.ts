import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { cacheDocument } from './cache-document.js'

const policy = { fresh: 6_000, usable: 12_000, minRefetchInterval: 2_000 }

/** An issuer whose responses a test controls, and a clock that it sets. */
function setUp(waitUntil?: (work: Promise<unknown>) => void) {
  const asked: Answer<string>[] = []
  const clock = { now: 1_000_000 }
  const load = () => {
    const answer = openAnswer<string>()
    asked.push(answer)
    return answer.promise
  }
  const document = cacheDocument(load, policy, { now: () => clock.now, waitUntil })
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

describe('a cached document whose requests the runtime drops', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
  afterEach(() => void vi.useRealTimers())

  test('a caller waits 2 seconds for the request of another, and then makes its own', async () => {
    const { asked, clock, document, hold } = setUp()
    await hold('first')
    clock.now += 7_000
    expect(await document.get()).toBe('first')
    clock.now += 5_500
    const waiting = [document.get(), document.get(), document.get()]
    await vi.advanceTimersByTimeAsync(1_900)
    expect(asked).toHaveLength(2)
    await vi.advanceTimersByTimeAsync(200)
    expect(asked).toHaveLength(3)
    asked[2]?.resolve('second')
    expect(await Promise.all(waiting)).toEqual(['second', 'second', 'second'])
    // the dropped request turns out to be only slow
    asked[1]?.resolve('an older one')
    await soon(document.get())
    expect(document.peek()).toBe('second')
  })

  test('no caller waits for a request that is older than any request can be', async () => {
    const { asked, clock, document, hold } = setUp()
    await hold('first')
    clock.now += 7_000
    await document.get()
    clock.now += 6_500
    const got = document.get()
    asked[2]?.resolve('second')
    expect(await got).toBe('second')
  })

  test('a request that never ends fails after 6 seconds, and callers use the old document', async () => {
    const { clock, document, hold } = setUp()
    await hold('first')
    clock.now += 13_000
    const got = document.get()
    await vi.advanceTimersByTimeAsync(6_100)
    expect(await got).toBe('first')
    expect(await soon(document.get())).toBe('first')
  })

  test('waitUntil gets each request in the background, and none that a caller waits for', async () => {
    const kept: Promise<unknown>[] = []
    const { asked, clock, document, hold } = setUp((work) => kept.push(work))
    await hold('first')
    expect(kept).toHaveLength(0)
    clock.now += 7_000
    await document.get()
    expect(kept).toHaveLength(1)
    asked[1]?.resolve('second')
    await kept[0]
    expect(document.peek()).toBe('second')
  })
})
