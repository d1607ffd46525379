import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { tokenAlgs } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { HallpassError, StartError } from '../errors.js'
import type { StoredSigningKey } from '../store/queries/signing-keys.js'
import { fixedRing } from '../testing/fixed-keys.js'
import { setUpKeyRings as setUp, start } from '../testing/key-rings.js'
import { type KeyRing, openKeyRing } from './key-ring.js'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const statesOf = (ring: Pick<KeyRing, 'list'>) => ring.list().map(({ state }) => state)

describe('a key ring', () => {
  test('makes its first key, which signs at once', async () => {
    const { open } = setUp()
    const ring = await open()
    expect(statesOf(ring)).toEqual(['active'])
    expect(ring.list()[0]).toMatchObject({ alg: 'EdDSA', created_at: start, activates_at: start })
    expect(ring.signingKey().kid).toBe(ring.list()[0]?.kid)
    expect(ring.verificationKey(ring.signingKey().kid)?.alg).toBe('EdDSA')
    expect(ring.verificationKey('none')).toBeUndefined()
  })

  test('opened again has the same key', async () => {
    const { open } = setUp()
    const kid = (await open()).signingKey().kid
    const again = await open()
    expect(again.list().map((key) => key.kid)).toEqual([kid])
  })

  test.each(tokenAlgs)('publishes only public halves (%s)', async (alg) => {
    const { open, rows } = setUp()
    const [jwk] = (await open(alg)).jwks().keys
    const members = {
      EdDSA: ['alg', 'crv', 'kid', 'kty', 'use', 'x'],
      ES256: ['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y'],
      RS256: ['alg', 'e', 'kid', 'kty', 'n', 'use'],
    }
    expect(Object.keys(jwk ?? {}).sort()).toEqual(members[alg])
    expect(jwk).toMatchObject({ alg, use: 'sig' })
    expect(JSON.stringify(rows())).not.toContain('PRIVATE KEY')
  })

  test('does not open under another master key', async () => {
    const { open, rows } = setUp()
    await open()
    const [row] = rows()
    await expect(open('EdDSA', randomBytes(32))).rejects.toThrow(
      new StartError(`The signing key ${row?.kid} cannot be opened with this master key.`),
    )
  })
})

test('a first key from a clock that was ahead signs at once', async () => {
  const { open, advance, rows } = setUp()
  advance(10 * day)
  const ahead = (await open()).signingKey().kid
  advance(-10 * day)
  const ring = await open()
  expect(statesOf(ring)).toEqual(['active'])
  const next = await ring.rotate()
  expect(ring.signingKey().kid).toBe(ahead)
  expect(next).toMatchObject({ state: 'announced', activates_at: start + 10 * day + 15 * minute })
  await ring.revoke(next.kid)
  await ring.revoke(ahead)
  expect(statesOf(ring)).toEqual(['active'])
  expect(rows()).toHaveLength(1)
  expect(ring.signingKey().kid).not.toBe(ahead)
})

test('a first key that another process made in the meantime is used', async () => {
  const { open, store, rows } = setUp()
  const { transaction } = store
  let other: Pick<KeyRing, 'signingKey'> | undefined
  store.transaction = async (run) => {
    store.transaction = transaction
    other = await open()
    return run(store)
  }
  const ring = await open()
  expect(ring.signingKey().kid).toBe(other?.signingKey().kid)
  expect(rows()).toHaveLength(1)
})

test('without any key, nothing is signed', async () => {
  const { open, put } = setUp()
  const ring = await open()
  put([])
  await ring.reload()
  expect(() => ring.signingKey()).toThrow(new StartError('There is no active signing key.'))
})

test('keys in memory stay in use if a row is damaged or no data key can be used', async () => {
  const { store, rows, put } = setUp()
  const dataKeys = fixedRing(randomBytes(32))
  let isUsable = true
  const byId = (id: number) => {
    if (!isUsable) throw new HallpassError('unavailable', 'no data key')
    return dataKeys.byId(id)
  }
  const clock = { now: () => start, random: randomBytes }
  const ring = await openKeyRing({ clock, dataKeys: { ...dataKeys, byId }, alg: 'EdDSA', store })
  const { kid } = ring.signingKey()
  put(rows().map((row) => ({ ...row, sealed_private: 'damaged' })))
  await ring.reload()
  expect(ring.signingKey().kid).toBe(kid)

  const another = setUp()
  await another.open()
  put([...another.rows(), ...rows()])
  isUsable = false
  await expect(ring.reload()).rejects.toMatchObject({ reason: 'unavailable' })
  expect(ring.list().map((key) => key.kid)).toEqual([kid])
})

test('one process sees the changes of another when it reads again', async () => {
  const { open, advance } = setUp()
  const [one, two] = [await open(), await open()]
  const next = await one.rotate()
  expect(two.verificationKey(next.kid)).toBeUndefined()
  await two.reload()
  expect(two.verificationKey(next.kid)).toBeDefined()
  advance(15 * minute)
  expect(two.signingKey().kid).toBe(next.kid)
  await one.revoke(next.kid)
  await two.reload()
  expect(two.verificationKey(next.kid)).toBeUndefined()
  expect(two.signingKey().kid).toBe(one.signingKey().kid)
})

describe('a row that someone changed in the database', () => {
  const otherKey = (kid: string, alg: string) => {
    const { publicKey } = generateKeyPairSync('ed25519')
    return JSON.stringify({ ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' })
  }

  test.each([
    ['another public key', (row: StoredSigningKey) => ({ public_jwk: otherKey(row.kid, row.alg) })],
    [
      'another member in its public key',
      (row: StoredSigningKey) => ({ public_jwk: row.public_jwk.replace('sig', 'enc') }),
    ],
  ])('is neither used nor published, and is reported once: %s', async (_, change) => {
    const { open, rows, put } = setUp()
    const kid = (await open()).signingKey().kid
    put(rows().map((row) => ({ ...row, ...change(row) })))
    const refused: unknown[] = []
    const ring = await open('EdDSA', undefined, (one) => refused.push(one))
    await ring.reload()
    expect(ring.verificationKey(kid)).toBeUndefined()
    expect(ring.jwks().keys.map((jwk) => jwk.kid)).toEqual([ring.signingKey().kid])
    expect(ring.signingKey().kid).not.toBe(kid)
    expect(refused).toEqual([{ kid, reason: expect.stringContaining(`signing key ${kid}`) }])
  })

  test("with another id can't be opened, and revocations still arrive", async () => {
    const { open, rows, put } = setUp()
    const refused: { kid: string }[] = []
    const ring = await open('EdDSA', undefined, (one) => refused.push(one))
    const [row] = rows()
    const later = row && { ...row, kid: 'made-up', activates_at: row.activates_at + 1 }
    put([...rows(), ...(later ? [later] : [])])
    await ring.reload()
    expect(ring.list().map(({ kid }) => kid)).toEqual([row?.kid])
    expect(refused.map(({ kid }) => kid)).toEqual(['made-up'])
    await ring.revoke(row?.kid ?? '')
    expect(ring.list().map(({ kid }) => kid)).not.toContain(row?.kid)
    expect(ring.list()).toHaveLength(1)
  })
})
