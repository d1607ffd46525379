import { describe, expect, test } from 'vitest'
import { setUpKeyRings as setUp, start } from '../testing/key-rings.js'
import type { KeyRing } from './key-ring.js'

const minute = 60_000
const hour = 60 * minute
const day = 24 * hour

const statesOf = (ring: Pick<KeyRing, 'list'>) => ring.list().map(({ state }) => state)

describe('rotation', () => {
  test('announces a key 15 minutes before it signs', async () => {
    const { open, advance } = setUp()
    const ring = await open()
    const first = ring.signingKey().kid
    const next = await ring.rotate()
    expect(next).toMatchObject({ state: 'announced', activates_at: start + 15 * minute })
    expect(statesOf(ring)).toEqual(['announced', 'active'])
    expect(ring.jwks().keys.map(({ kid }) => kid)).toEqual([next.kid, first])

    advance(15 * minute - 1)
    expect(ring.signingKey().kid).toBe(first)
    advance(1)
    expect(ring.signingKey().kid).toBe(next.kid)
    expect(statesOf(ring)).toEqual(['active', 'retiring'])
    expect(ring.verificationKey(first)).toBeDefined()
  })

  test('announces at most one key', async () => {
    const { open } = setUp()
    const ring = await open()
    expect((await ring.rotate()).kid).toBe((await ring.rotate()).kid)
    expect(ring.list()).toHaveLength(2)
  })

  test('keeps a retired key until a minute after its last token expires', async () => {
    const { open, advance } = setUp()
    const ring = await open()
    const first = ring.signingKey().kid
    await ring.rotate()
    advance(15 * minute + 24 * hour + minute - 1)
    await ring.maintain()
    expect(ring.verificationKey(first)).toBeDefined()
    advance(1)
    await ring.maintain()
    expect(ring.verificationKey(first)).toBeUndefined()
    expect(statesOf(ring)).toEqual(['active'])
  })

  test('announces a successor for a key that is 30 days old', async () => {
    const { open, advance } = setUp()
    const ring = await open()
    advance(30 * day)
    await ring.maintain()
    expect(statesOf(ring)).toEqual(['active'])
    advance(1)
    await ring.maintain()
    await ring.maintain()
    expect(statesOf(ring)).toEqual(['announced', 'active'])
  })

  test('over a year of maintenance, there are at most three keys, and one always signs', async () => {
    const { open, advance } = setUp()
    const ring = await open()
    const seen = new Set<string>()
    for (let step = 0; step < 365 * 4; step++) {
      advance(6 * hour)
      await ring.maintain()
      seen.add(ring.signingKey().kid)
      expect(ring.list().filter(({ state }) => state === 'active')).toHaveLength(1)
      expect(ring.list().length).toBeLessThanOrEqual(3)
    }
    expect(seen.size).toBe(13)
  })

  test('announces a key of another algorithm like any other key', async () => {
    const { open, advance } = setUp()
    const first = (await open('EdDSA')).signingKey().kid
    const ring = await open('ES256')
    expect(ring.list().map(({ alg, state }) => [alg, state])).toEqual([
      ['ES256', 'announced'],
      ['EdDSA', 'active'],
    ])
    advance(15 * minute)
    expect(ring.signingKey().alg).toBe('ES256')
    expect(ring.verificationKey(first)?.alg).toBe('EdDSA')
    expect((await open('ES256')).list()).toHaveLength(2)
  })
})

describe('a key that is revoked', () => {
  test('is removed at once, and a new one signs', async () => {
    const { open } = setUp()
    const ring = await open()
    const first = ring.signingKey().kid
    expect(await ring.revoke(first)).toEqual(ring.list())
    expect(ring.verificationKey(first)).toBeUndefined()
    expect(ring.signingKey().kid).not.toBe(first)
    expect(statesOf(ring)).toEqual(['active'])
  })

  test('after being announced leaves the active one unchanged', async () => {
    const { open } = setUp()
    const ring = await open()
    const first = ring.signingKey().kid
    const next = await ring.rotate()
    expect(await ring.revoke(next.kid)).toEqual(ring.list())
    expect(ring.list().map(({ kid }) => kid)).toEqual([first])
  })

  test('while retiring invalidates its own tokens only', async () => {
    const { open, advance } = setUp()
    const ring = await open()
    const first = ring.signingKey().kid
    await ring.rotate()
    advance(15 * minute)
    const second = ring.signingKey().kid
    expect(await ring.revoke(first)).toEqual(ring.list())
    expect(ring.list().map(({ kid }) => kid)).toEqual([second])
  })

  test("but doesn't exist changes nothing", async () => {
    const { open, rows } = setUp()
    const ring = await open()
    const before = rows()
    expect(await ring.revoke('none')).toBeUndefined()
    expect(rows()).toEqual(before)
  })

  test('while another is announced is replaced now, and the announced key signs later', async () => {
    const { open, advance } = setUp()
    const ring = await open()
    const first = ring.signingKey().kid
    const next = await ring.rotate()
    await ring.revoke(first)
    expect(statesOf(ring)).toEqual(['announced', 'active'])
    expect(ring.signingKey().kid).not.toBe(next.kid)
    advance(15 * minute)
    expect(ring.signingKey().kid).toBe(next.kid)
  })
})
