import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { holdDataKeys } from '../crypto/data-key-ring.js'
import { maxAgeMilliseconds, newRing, openingMilliseconds, type RingState } from '../crypto/ring-state.js'
import { dataKeySetting, openRing, sealRing } from '../crypto/seal-ring.js'
import type { Store } from '../store/store.js'
import { openDatabase } from '../testing/databases.js'
import { makeSigningKey } from './make-signing-key.js'
import { maintainDataKeys, rotateDataKey } from './rotate-data-key.js'

const masterKey = randomBytes(32)
let now: number
let lines: object[]
let first: RingState
let store: Store
let close: () => Promise<void>
const clock = { now: () => now, random: randomBytes }
const log = { info: (fields: object) => void lines.push(fields) }

beforeEach(async () => {
  now = 1_795_248_000_000
  lines = []
  first = newRing(() => randomBytes(32), now)
  const opened = await openDatabase('SQLite in memory')
  store = opened.store
  close = opened.close
  await store.insertSetting(dataKeySetting, sealRing(masterKey, first, clock))
})
afterEach(() => close())

/** A process with the data keys in memory. */
const hold = () => holdDataKeys({ clock, masterKey, store }, first)
const idsOf = async () => openRing(masterKey, (await store.findSetting(dataKeySetting)) ?? '')?.keys.map(({ id }) => id)
const maintain = (of: Store = store, dataKeys = hold()) => maintainDataKeys({ clock, dataKeys, store: of, log })

describe('maintenance of data keys', () => {
  test('does nothing until the newest one is more than 30 days old', async () => {
    const before = await store.findSetting(dataKeySetting)
    now += maxAgeMilliseconds
    expect(await maintain()).toEqual({})
    expect(await store.findSetting(dataKeySetting)).toBe(before)
    expect(lines).toEqual([])
  })

  test('then makes one, and logs it', async () => {
    now += maxAgeMilliseconds + 1
    expect(await maintain()).toEqual({ made: 2 })
    expect(await idsOf()).toEqual([2, 1])
    expect(lines).toEqual([{ dataKey: 2 }])
  })

  test('makes none if another process made one in the meantime', async () => {
    now += maxAgeMilliseconds + 1
    const transaction: Store['transaction'] = async (run) => {
      await store.transaction((tx) => rotateDataKey({ clock, dataKeys: hold(), store: tx }, { forgetOld: false }))
      return store.transaction(run)
    }
    expect(await maintain({ ...store, transaction })).toEqual({})
    expect(await idsOf()).toEqual([2, 1])
    expect(lines).toEqual([])
  })

  test('drops an old one once everything under it has expired, and logs it', async () => {
    const dataKeys = hold()
    await store.transaction((tx) => rotateDataKey({ clock, dataKeys, store: tx }, { forgetOld: false }))
    now += openingMilliseconds
    expect(await maintain(store, dataKeys)).toEqual({ forgotten: [1] })
    expect(await idsOf()).toEqual([2])
    expect(lines).toEqual([{ dataKeys: [1] }])
  })

  test('requires the right master key', async () => {
    now += maxAgeMilliseconds + 1
    const sealed = sealRing(randomBytes(32), { ...first, generation: 2 }, clock)
    await store.replaceSetting(dataKeySetting, (await store.findSetting(dataKeySetting)) ?? '', sealed)
    expect(await maintain()).toEqual({})
    expect(await store.findSetting(dataKeySetting)).toBe(sealed)
  })
})

test('a new data key leaves a damaged signing key unchanged, and seals the others again', async () => {
  const dataKeys = hold()
  const whole = await makeSigningKey({ clock, alg: 'EdDSA' }, dataKeys.active(), {
    activates_at: now,
    for_client_keys: null,
  })
  const damaged = {
    ...(await makeSigningKey({ clock, alg: 'EdDSA' }, dataKeys.active(), {
      activates_at: now + 1,
      for_client_keys: null,
    })),
    sealed_private: 'x',
  }
  await store.succeedSigningKey(whole, undefined)
  await store.succeedSigningKey(damaged, whole.kid)
  await store.transaction((tx) => rotateDataKey({ clock, dataKeys, store: tx }, { forgetOld: true }))
  const sealedOf = new Map((await store.listSigningKeys()).map(({ kid, sealed_private }) => [kid, sealed_private]))
  expect(sealedOf.get(damaged.kid)).toBe('x')
  expect(sealedOf.get(whole.kid)).toMatch(/^2\./)
})
