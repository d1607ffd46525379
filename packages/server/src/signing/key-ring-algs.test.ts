import { describe, expect, test } from 'vitest'
import { setUpKeyRings as setUp, start } from '../testing/key-rings.js'
import type { KeyRing } from './key-ring.js'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const statesOf = (ring: Pick<KeyRing, 'list'>) => ring.list().map(({ alg, state }) => `${alg} ${state}`)

describe('the key for client keys with an algorithm', () => {
  test('signs at once for a new client key, and only for this algorithm', async () => {
    const { open } = setUp()
    const ring = await open('EdDSA')
    await ring.use('RS256', 'at once')
    expect(ring.signingKey('RS256').alg).toBe('RS256')
    expect(ring.signingKey().alg).toBe('EdDSA')
    expect(ring.signingKey('ES256').alg).toBe('EdDSA')
    expect(ring.jwks().keys.map(({ alg }) => alg)).toEqual(expect.arrayContaining(['EdDSA', 'RS256']))
    expect(ring.verificationKey(ring.signingKey('RS256').kid)?.alg).toBe('RS256')
  })

  test('is announced for 15 minutes first, and the server signs with its own key meanwhile', async () => {
    const { open, advance } = setUp()
    const ring = await open('EdDSA')
    await ring.use('ES256', 'announced')
    expect(ring.list()).toContainEqual(expect.objectContaining({ alg: 'ES256', activates_at: start + 15 * minute }))
    advance(15 * minute - 1)
    expect(ring.signingKey('ES256').alg).toBe('EdDSA')
    expect(ring.jwks().keys).toHaveLength(2)
    advance(1)
    expect(ring.signingKey('ES256').alg).toBe('ES256')
  })

  test('is made once', async () => {
    const { open, setAlgs } = setUp()
    const ring = await open('EdDSA')
    for (const begins of ['at once', 'announced', 'at once'] as const) await ring.use('ES256', begins)
    setAlgs('ES256')
    await ring.maintain()
    expect(statesOf(ring)).toHaveLength(2)
    expect((await open('EdDSA')).list()).toEqual(ring.list())
  })

  test('is made at the start, and by maintenance, if a client key got its algorithm elsewhere', async () => {
    const { open, setAlgs } = setUp()
    setAlgs('RS256')
    const ring = await open('ES256')
    expect(ring.signingKey('RS256').alg).toBe('RS256')
    setAlgs('RS256', 'EdDSA')
    await ring.maintain()
    expect(ring.signingKey('EdDSA').alg).toBe('EdDSA')
    expect(ring.signingKey().alg).toBe('ES256')
  })

  test("doesn't depend on the server's algorithm", async () => {
    const { open, advance, setAlgs } = setUp()
    setAlgs('ES256')
    await open('ES256')
    const ring = await open('EdDSA')
    advance(15 * minute)
    expect(ring.signingKey().alg).toBe('EdDSA')
    const own = ring.signingKey('ES256')
    expect(own.alg).toBe('ES256')
    advance(15 * minute + 24 * hour)
    await ring.maintain()
    await ring.maintain()
    expect(ring.signingKey('ES256').kid).toBe(own.kid)
    expect(statesOf(ring).toSorted()).toEqual(['ES256 active', 'EdDSA active'])
  })

  test('is rotated with the others, by hand and after 30 days', async () => {
    const { open, advance, setAlgs } = setUp()
    setAlgs('ES256')
    const ring = await open('EdDSA')
    const first = ring.signingKey('ES256').kid
    expect((await ring.rotate()).alg).toBe('EdDSA')
    const both = ['ES256 active', 'ES256 announced', 'EdDSA active', 'EdDSA announced']
    expect(statesOf(ring).toSorted()).toEqual(both)
    advance(15 * minute)
    expect(ring.signingKey('ES256').kid).not.toBe(first)
    advance(24 * hour + minute)
    await ring.maintain()
    expect(ring.verificationKey(first)).toBeUndefined()
    expect(statesOf(ring)).toHaveLength(2)
    advance(30 * day)
    await ring.maintain()
    expect(statesOf(ring).toSorted()).toEqual(both)
  })

  test('gets a successor at once if it is revoked', async () => {
    const { open, setAlgs } = setUp()
    setAlgs('ES256')
    const ring = await open('EdDSA')
    const [own, first] = [ring.signingKey().kid, ring.signingKey('ES256').kid]
    await ring.revoke(first)
    expect(ring.verificationKey(first)).toBeUndefined()
    expect(ring.signingKey('ES256')).toMatchObject({ alg: 'ES256' })
    expect(ring.signingKey().kid).toBe(own)
  })

  test('is removed once no client key has had the algorithm for as long as tokens live', async () => {
    const { open, advance, setAlgs } = setUp()
    setAlgs('ES256')
    const ring = await open('EdDSA')
    setAlgs()
    await ring.maintain()
    expect(statesOf(ring).toSorted()).toEqual(['ES256 retiring', 'EdDSA active'])
    advance(24 * hour + minute - 1)
    await ring.maintain()
    expect(ring.jwks().keys).toHaveLength(2)
    advance(1)
    await ring.maintain()
    expect(statesOf(ring)).toEqual(['EdDSA active'])
  })

  test('is kept if a client key gets the algorithm again, and counts from the last one that had it', async () => {
    const { open, advance, setAlgs } = setUp()
    setAlgs('ES256')
    const ring = await open('EdDSA')
    const { kid } = ring.signingKey('ES256')
    setAlgs()
    await ring.maintain()
    advance(24 * hour)
    await ring.use('ES256', 'announced')
    expect(ring.signingKey('ES256').kid).toBe(kid)
    // and loses it before the next maintenance
    await ring.maintain()
    advance(24 * hour)
    await ring.maintain()
    expect(ring.verificationKey(kid)).toBeDefined()
    setAlgs('ES256')
    await ring.maintain()
    advance(day)
    await ring.maintain()
    expect(ring.signingKey('ES256').kid).toBe(kid)
  })
})
