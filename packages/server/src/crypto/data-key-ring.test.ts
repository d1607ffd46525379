import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { systemClock } from '../clock.js'
import { holdDataKeys } from './data-key-ring.js'
import { deriveKey, deriveLookupKeys } from './derive-keys.js'
import { learnAndOpen, openNumbered, sealNumbered } from './numbered-seal.js'
import { newRing, openingMilliseconds, type RingState, ringOfOneKey, rotated, withoutExpired } from './ring-state.js'
import { seal } from './seal.js'
import { generationOf, openRing, sealRing } from './seal-ring.js'

const masterKey = Buffer.alloc(32, 7)
const newKey = () => randomBytes(32)
const day = 86_400_000
const ring = newRing(newKey, 0)
const write = (state: RingState, key = masterKey) => sealRing(key, state, systemClock)

/** A row of the database, and several processes that have its ring in memory. */
function setUp(first: RingState = ring) {
  let row = write(first)
  let reads = 0
  let elapsed = 0
  const store = {
    findSetting: async () => {
      reads += 1
      return row
    },
    lockSetting: async () => row,
    replaceSetting: async (_: string, from: string, to: string) => {
      if (row !== from) return false
      row = to
      return true
    },
  }
  const hold = () => holdDataKeys({ clock: systemClock, masterKey, store, elapsed: () => elapsed }, first)
  return {
    store,
    hold,
    reads: () => reads,
    put: (sealed: string) => {
      row = sealed
    },
    pass: (milliseconds: number) => {
      elapsed += milliseconds
    },
  }
}

const message = { plaintext: 'hello', context: 'context' }

describe('sealed data keys', () => {
  test('open under their master key only', () => {
    const state = rotated(ring, newKey(), day, false)
    expect(openRing(masterKey, write(state))).toEqual(state)
    expect(openRing(randomBytes(32), write(state))).toBeUndefined()
    expect(openRing(randomBytes(32), write(state, randomBytes(32)))).toBeUndefined()
  })

  test("don't open with any changed character, including the generation at the front", () => {
    const sealed = write(ring)
    for (let at = 0; at < sealed.length; at++) {
      const bent = sealed.slice(0, at) + (sealed[at] === '2' ? '3' : '2') + sealed.slice(at + 1)
      expect(openRing(masterKey, bent)).toBeUndefined()
    }
  })

  test('contain no readable key', () => {
    const sealed = Buffer.from(write(ring).slice('v1.1.'.length), 'base64url')
    for (const { key } of ring.keys) expect(sealed.includes(key.toString('base64url'))).toBe(false)
  })

  test('from before rings existed become one key, and all lookups stay the same', () => {
    const dataKey = newKey()
    const old = seal(deriveKey(masterKey, 'wrap-data-key'), randomBytes(12), dataKey.toString('base64url'), 'data-key')
    const state = openRing(masterKey, old)
    expect(state).toEqual(ringOfOneKey(dataKey))
    expect(generationOf(old)).toBe(0)
    expect(state?.lookup).toEqual(deriveLookupKeys(dataKey))
    const later = rotated(ringOfOneKey(dataKey), newKey(), 0, true)
    expect(later.lookup).toEqual(deriveLookupKeys(dataKey))
    expect(JSON.stringify(later)).not.toContain(JSON.stringify(dataKey))
  })
})

describe('rotation', () => {
  test('puts a new key first, and keeps the old ones unless they are dropped', () => {
    expect(rotated(ring, newKey(), day, false).keys.map(({ id }) => id)).toEqual([2, 1])
    expect(rotated(ring, newKey(), day, true).keys.map(({ id }) => id)).toEqual([2])
  })

  test('drops an old key once everything it sealed has expired, and never the newest', () => {
    const state = rotated(rotated(ring, newKey(), 5 * day, false), newKey(), 9 * day, false)
    const idsAt = (now: number) => (withoutExpired(state, now) ?? state).keys.map(({ id }) => id)
    expect(openingMilliseconds).toBeGreaterThan(7 * day)
    expect(idsAt(5 * day + openingMilliseconds - 1)).toEqual([3, 2, 1])
    expect(idsAt(5 * day + openingMilliseconds)).toEqual([3, 2])
    expect(idsAt(9 * day + openingMilliseconds)).toEqual([3])
    expect(idsAt(900 * day)).toEqual([3])
    // a change that drops nothing would make every server read the ring again
    expect(withoutExpired(state, 5 * day + openingMilliseconds - 1)).toBeUndefined()
  })
})

describe('a ring in memory', () => {
  test('opens what another process sealed under a key that is new to this one', async () => {
    const { hold, put } = setUp()
    const [here, there] = [hold(), hold()]
    put(write(rotated(ring, newKey(), 0, false)))
    await there.reload()
    const sealed = sealNumbered(there.active(), 'answer', message, randomBytes)
    expect(sealed).toMatch(/^2\./)
    expect(openNumbered(here, 'answer', sealed, 'context')).toBeUndefined()
    expect(await learnAndOpen(here, 'answer', sealed, 'context')).toBe('hello')
  })

  test('asks the database for made-up ids once a second, and never for dropped ones', async () => {
    const { hold, reads, pass } = setUp(rotated(ring, newKey(), 0, true))
    const held = hold()
    for (let id = 0; id < 3; id++) expect(await learnAndOpen(held, 'answer', `${id}.AAAA`, 'context')).toBeUndefined()
    await held.learn(2)
    expect(reads()).toBe(0)
    for (let id = 3; id < 500; id++) expect(await learnAndOpen(held, 'answer', `${id}.AAAA`, 'context')).toBeUndefined()
    expect(reads()).toBe(1)
    pass(1_000)
    await learnAndOpen(held, 'answer', '999999999.AAAA', 'context')
    expect(reads()).toBe(2)
  })

  test('looks up the key of a row only if its id is newer than all known ids', async () => {
    const { hold, store, reads } = setUp(rotated(ring, newKey(), 0, true))
    const held = hold()
    for (const id of [0, 1, 2]) await held.learnFrom(store, id)
    expect(reads()).toBe(0)
    await held.learnFrom(store, 3)
    expect(reads()).toBe(1)
  })

  test('stops using old keys after a new master key sealed the new ones', async () => {
    const { hold, put } = setUp()
    const held = hold()
    const sealed = sealNumbered(held.active(), 'answer', message, randomBytes)
    // under another master key, the keys are the same
    put(write(ring, randomBytes(32)))
    await held.reload()
    expect(openNumbered(held, 'answer', sealed, 'context')).toBe('hello')
    put(write(rotated(ring, newKey(), 0, true), randomBytes(32)))
    await held.reload()
    expect(held.status().isUsable).toBe(false)
    expect(() => held.active()).toThrow(expect.objectContaining({ reason: 'unavailable' }))
    expect(() => openNumbered(held, 'answer', sealed, 'context')).toThrow(
      expect.objectContaining({ reason: 'unavailable' }),
    )
  })

  test('ignores an older row that was put back', async () => {
    const { hold, put } = setUp(rotated(ring, newKey(), 0, true))
    const held = hold()
    put(write(ring))
    await held.reload()
    expect(held.active().id).toBe(2)
    expect(held.byId(1)).toBeUndefined()
  })

  test('is changed by one of several processes that try at once', async () => {
    const { hold, store } = setUp()
    const [here, there] = [hold(), hold()]
    const change = (held: typeof here) => held.change(store, (state) => rotated(state, newKey(), 0, false))
    const [one, other] = [await change(here), await change(there)]
    expect([one?.after.generation, other?.after.generation]).toEqual([2, 3])
    expect((await here.current(store)).id).toBe(3)
  })

  test('is left unchanged by a change that does nothing', async () => {
    const { hold, store } = setUp()
    const before = await store.lockSetting()
    expect(await hold().change(store, () => undefined)).toBeUndefined()
    expect(await store.lockSetting()).toBe(before)
  })

  test.each([
    ['sealed under another master key', write(ring, Buffer.alloc(32, 8))],
    ['missing', undefined],
  ])("isn't changed while its row is %s", async (_, row) => {
    const { hold, store } = setUp()
    const change = hold().change({ ...store, lockSetting: async () => row }, (state) =>
      rotated(state, newKey(), 0, false),
    )
    await expect(change).rejects.toMatchObject({ reason: 'unavailable' })
  })
})
