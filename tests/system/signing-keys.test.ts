import { createLocalJWKSet, decodeProtectedHeader, type JSONWebKeySet, jwtVerify } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { hostKey } from './support/fixtures/host-key.js'
import { paths } from './support/fixtures/mint.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { bearer } from './support/servers/in-process-server.js'

/** How often time is sampled in the 300 minutes after a rotation. `npm run test:chaos` does it 40 times. */
const steps = Number(process.env.HALLPASS_ROTATION_STEPS ?? 8)
const minute = 60_000
const hour = 60 * minute

let server: AssembledServer
beforeEach(async () => {
  server = await assembleServer()
})
afterEach(() => server.stop())

const asHost = (path: string, body: object | undefined = {}) =>
  server.call(path, { headers: bearer(hostKey), ...(body ? { body } : { method: 'GET' }) })
const rotate = () => asHost('/v1/admin/signing_keys/rotate')
const revokeKey = (kid: string) => asHost(`/v1/admin/signing_keys/${kid}/revoke`)
const list = async () => {
  const { body } = await server.call('/v1/admin/signing_keys', { method: 'GET', headers: bearer(hostKey) })
  return body.data as { kid: string; alg: string; state: string; created_at: string; activates_at: string }[]
}
const states = async () => (await list()).map(({ state }) => state)
const fetchJwks = async () => {
  const { body } = await server.call('/.well-known/jwks.json', { method: 'GET' })
  // the server's own document, which other tests check
  return body as unknown as JSONWebKeySet
}
const kidsPublished = async () => (await fetchJwks()).keys.map(({ kid }) => kid)

/** Advances time, and does what the server does every minute. */
async function pass(milliseconds: number): Promise<void> {
  server.clock.advance(milliseconds)
  await server.keyRing.maintain()
}

async function mintBridge(): Promise<string> {
  const { body } = await asHost(paths.bridge, { customer_id: acme.customer })
  return (body.data as { bridge_token: string }).bridge_token
}
async function mintVisitor(): Promise<string> {
  return String((await asHost(paths.userToken, { client_key: acme.clientKey, user_id: 'u' })).body.token)
}
async function mintGuest(): Promise<{ token: string; refresh_token: string }> {
  const headers = { origin: acme.origin }
  const { body } = await server.call(paths.guest, { headers, body: { client_key: acme.clientKey } })
  return { token: String(body.token), refresh_token: String(body.refresh_token) }
}
const isActive = async (token: string) => {
  const headers = { ...bearer(hostKey), 'content-type': 'application/x-www-form-urlencoded' }
  const { body } = await server.call(paths.introspect, { headers, body: new URLSearchParams({ token }).toString() })
  return body.active
}

/** Returns a cached copy until it is too old. */
function cached<T>(milliseconds: number, fetch: () => Promise<T>): () => Promise<T> {
  let copy: { readonly value: T; readonly at: number } | undefined
  return async () => {
    const now = server.clock.now()
    if (!copy || now - copy.at >= milliseconds) copy = { value: await fetch(), at: now }
    return copy.value
  }
}

/**
 * A resource server that keeps a JWKS for 10 minutes, and gets it through a cache that keeps it for the 5 minutes of
 * max-age.
 */
function verifier(): (token: string) => Promise<boolean> {
  const jwks = cached(10 * minute, cached(5 * minute, fetchJwks))
  return async (token) => {
    const currentDate = new Date(server.clock.now())
    const keys = createLocalJWKSet(await jwks())
    return jwtVerify(token, keys, { issuer: 'https://pass.example', currentDate }).then(
      () => true,
      () => false,
    )
  }
}

describe('rotation under load', () => {
  test('a verifier with a cached JWKS rejects no valid token over 10 rotations', async () => {
    // several, which fetch at different times
    const verifiers = [verifier(), verifier(), verifier()]
    const bridges: { readonly token: string; readonly until: number }[] = []
    let [verified, failed] = [0, 0]
    const verify = async (token: string, by = verifiers) => {
      for (const isGood of by) {
        verified++
        if (!(await isGood(token))) failed++
      }
    }
    const kids = new Set<string | undefined>()
    for (let rotation = 0; rotation < 10; rotation++) {
      expect((await rotate()).status).toBe(200)
      // five hours, so that keys retire, and disappear some rotations later
      for (let step = 0; step < steps; step++) {
        await pass((step < steps / 2 ? 40 / steps : (14 * 40) / steps) * minute)
        const [bridge, visitor, guest] = await Promise.all([mintBridge(), mintVisitor(), mintGuest()])
        bridges.push({ token: bridge, until: server.clock.now() + 4 * hour - 1000 })
        kids.add(decodeProtectedHeader(bridge).kid)
        const by = verifiers.filter((_, index) => (step + rotation) % (index + 1) === 0)
        for (const token of [bridge, visitor, guest.token]) await verify(token, by)
        const alive = bridges.filter(({ until }) => until > server.clock.now())
        for (const { token } of [alive[0], alive[alive.length >> 1]].filter((one) => one !== undefined))
          await verify(token)
      }
    }
    expect(failed).toBe(0)
    expect(verified).toBeGreaterThan(25 * steps)
    expect(kids.size).toBe(11)
  })
})

describe('the life of a signing key', () => {
  test('announced, active after 15 minutes, retiring after the next, gone after its last token', async () => {
    const [first] = await list()
    expect(first).toMatchObject({ alg: 'EdDSA', state: 'active' })
    const announced = (await rotate()).body
    expect(announced).toMatchObject({ state: 'announced' })
    expect(Date.parse(String(announced.activates_at)) - server.clock.now()).toBe(15 * minute)
    expect(await kidsPublished()).toEqual([announced.kid, first?.kid])
    await pass(15 * minute - 1)
    expect(decodeProtectedHeader(await mintBridge()).kid).toBe(first?.kid)
    const last = await mintBridge()
    await pass(1)
    expect(decodeProtectedHeader(await mintBridge()).kid).toBe(announced.kid)
    expect(await states()).toEqual(['active', 'retiring'])
    await pass(4 * hour - 1001)
    expect(await isActive(last)).toBe(true)
    await pass(1001)
    expect(await isActive(last)).toBe(false)
    expect(await states()).toEqual(['active', 'retiring'])
    // a token of a declared kind can live for a day
    await pass(20 * hour + minute - 1)
    expect(await states()).toEqual(['active', 'retiring'])
    await pass(1)
    expect(await states()).toEqual(['active'])
    expect(await kidsPublished()).toEqual([announced.kid])
  })

  test('rotating again while a key is announced, even concurrently, announces no other key', async () => {
    const [one, two] = await Promise.all([rotate(), rotate()])
    expect(one.body.kid).toBe(two.body.kid)
    expect((await rotate()).body.kid).toBe(one.body.kid)
    expect(await states()).toEqual(['announced', 'active'])
  })

  test('a key that has signed for 30 days announces its successor automatically, once', async () => {
    await pass(30 * 24 * hour)
    expect(await states()).toEqual(['active'])
    await pass(minute)
    expect(await states()).toEqual(['announced', 'active'])
    await pass(minute)
    expect(await states()).toEqual(['announced', 'active'])
    await pass(15 * minute)
    expect(await states()).toEqual(['active', 'retiring'])
  })
})

describe('emergency removal', () => {
  test('tokens of a revoked active key are rejected at once, new ones verify, refresh works', async () => {
    const [bridge, visitor, guest] = [await mintBridge(), await mintVisitor(), await mintGuest()]
    const [first] = await list()
    const { status, body } = await revokeKey(first?.kid ?? '')
    expect(status).toBe(200)
    expect(body.data).toEqual([expect.objectContaining({ state: 'active' })])
    expect(await kidsPublished()).not.toContain(first?.kid)
    for (const token of [bridge, visitor, guest.token]) expect(await isActive(token)).toBe(false)
    const headers = { origin: acme.origin }
    expect((await server.call(paths.exchange, { headers, body: { token: visitor } })).status).toBe(400)
    const { token } = (await server.call(paths.refresh, { headers, body: { refresh_token: guest.refresh_token } })).body
    const isGood = verifier()
    expect(await isGood(String(token))).toBe(true)
    expect(await isGood(await mintBridge())).toBe(true)
    expect(await isGood(bridge)).toBe(false)
  })

  test('an announced key stays announced when the active one is revoked', async () => {
    const [first] = await list()
    const { kid } = (await rotate()).body
    await revokeKey(first?.kid ?? '')
    expect((await list()).map((key) => [key.state, key.kid === kid])).toEqual([
      ['announced', true],
      ['active', false],
    ])
    await pass(15 * minute)
    expect(decodeProtectedHeader(await mintBridge()).kid).toBe(kid)
  })

  test('a revoked announced or retiring key just disappears', async () => {
    const { kid } = (await rotate()).body
    await revokeKey(String(kid))
    expect(await states()).toEqual(['active'])
    const old = await mintBridge()
    const [first] = await list()
    await rotate()
    await pass(15 * minute)
    await revokeKey(first?.kid ?? '')
    expect(await states()).toEqual(['active'])
    expect(await isActive(old)).toBe(false)
  })

  test('404 for an unknown key, and nothing changes', async () => {
    const before = await list()
    expect((await revokeKey('unknown')).status).toBe(404)
    expect(await list()).toEqual(before)
  })
})
