import { beforeAll, describe, expect, test } from 'vitest'
import { administer, refusal, type ShownKey } from './support/fixtures/administer.js'
import { acme, child, rival } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf, cardPath, paths } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const hour = 3_600_000

const server = withServer({ fixture: fixtureWithHost })
let admin: ReturnType<typeof administer>
beforeAll(async () => {
  admin = administer(server)
})

/** The response to a secret key at an endpoint that requires `bridge:write`. */
const bridgeWith = async (key: string, more: Record<string, string> = {}) =>
  (await server.post(paths.bridge, { customer_id: acme.customer }, { ...bearer(key), ...more })).status
const rotate = (id: string, body: object = {}, key: string = hostKey) => admin.post(`api_keys/${id}/rotate`, body, key)
const today = () => new Date(server.clock.now()).toISOString().slice(0, 10)
const listKeys = () => admin.listAll<ShownKey>('api_keys')
const listed = async (id: string) => (await listKeys()).find((key) => key.id === id)

describe('POST /v1/admin/api_keys', () => {
  test('200 with a key whose secret works and is shown only once', async () => {
    const response = await admin.post('api_keys', { name: 'backend', scopes: ['bridge:write'] })
    expect(response.headers.get('cache-control')).toBe('no-store')
    const { secret, ...shown } = await bodyOf<ShownKey>(response)
    expect(secret).toMatch(/^sk_test_[0-9A-Za-z]{11}_[0-9A-Za-z]{49}$/)
    expect(shown).toEqual({
      id: expect.any(String),
      name: 'backend',
      scopes: ['bridge:write'],
      disabled: false,
      created_at: new Date(server.clock.now()).toISOString(),
      expires_at: null,
      last_used_on: null,
      successor_id: null,
      hint: `${secret.slice(0, 12)}…${secret.slice(-4)}`,
    })
    expect(await bridgeWith(secret)).toBe(200)
    expect(await listed(shown.id)).toEqual({ ...shown, last_used_on: today() })
    expect(JSON.stringify(await listKeys())).not.toContain(secret.slice(-20))
  })

  test('works the same over tRPC', async () => {
    const input = { name: 'rpc', scopes: ['bridge:write'] }
    const response = await server.trpc('admin.apiKeys.create', input, bearer(hostKey))
    const { result } = await bodyOf<{ result: { data: ShownKey } }>(response)
    expect(await bridgeWith(result.data.secret)).toBe(200)
  })

  test('the same Idempotency-Key returns the same key with its secret and creates no second one', async () => {
    const body = { name: 'once', scopes: ['bridge:write'] }
    const make = () => admin.post('api_keys', body, hostKey, { 'Idempotency-Key': 'make-one-key' })
    const [one, two] = [await (await make()).text(), await make()]
    expect(two.headers.get('idempotent-replayed')).toBe('true')
    expect(await two.text()).toBe(one)
    expect((await listKeys()).filter(({ name }) => name === 'once')).toHaveLength(1)
  })

  test('a key has exactly the scopes it was given', async () => {
    const { secret } = await admin.createKey(['cards:write'])
    expect(await bridgeWith(secret)).toBe(403)
    expect((await server.post(cardPath(acme.activeCard, 'REVEAL'), {}, bearer(secret))).status).toBe(200)
    expect(await refusal(await admin.get('api_keys', secret))).toBe('403 FORBIDDEN')
  })

  test.each([
    [['admin'], ['bridge:write']],
    [['admin'], ['*']],
    [
      ['admin', 'bridge:write'],
      ['bridge:write', 'cards:write'],
    ],
    [['*'], ['host']],
    [['admin'], ['host']],
  ])('403 if a key with %o grants %o, and nothing is created', async (own, wanted) => {
    const { secret } = await admin.createKey(own)
    const before = await listKeys()
    expect(await refusal(await admin.post('api_keys', { scopes: wanted }, secret))).toBe('403 FORBIDDEN')
    expect((await listKeys()).map(({ id }) => id)).toEqual(before.map(({ id }) => id))
  })

  test.each([
    [['admin', 'bridge:write'], ['bridge:write']],
    [['*'], ['*']],
    [['*'], ['admin', 'cards:write']],
    [['*', 'host'], ['host']],
  ])('200 if a key with %o grants %o', async (own, wanted) => {
    const { secret } = await admin.createKey(own)
    expect((await admin.post('api_keys', { scopes: wanted }, secret)).status).toBe(200)
  })

  test('`*` does not include `host`', async () => {
    const { secret } = await admin.createKey(['*'])
    expect(await refusal(await admin.get('signing_keys', secret))).toBe('403 FORBIDDEN')
    for (const path of ['signing_keys/rotate', 'signing_keys/unknown/revoke']) {
      expect(await refusal(await admin.post(path, {}, secret))).toBe('403 FORBIDDEN')
    }
    const host = await admin.createKey(['host'])
    expect((await admin.get('signing_keys', host.secret)).status).toBe(200)
    expect(await bridgeWith(host.secret)).toBe(403)
  })

  test.each([
    { scopes: [] },
    { scopes: ['everything'] },
    { scopes: 'admin' },
    {},
    { scopes: ['admin'], expires_in: 59 },
    { scopes: ['admin'], expires_in: 1.5 },
    { scopes: ['admin'], expires_in: '3600' },
    { scopes: ['admin'], secret: 'sk_test_mine' },
    { scopes: ['admin'], name: 'x'.repeat(201) },
  ])('422 for %o', async (body) => {
    expect(await refusal(await admin.post('api_keys', body))).toBe('422 VALIDATION_FAILED')
  })

  test('a key with expires_in works until that second, but not from then on', async () => {
    const { secret, expires_at, id } = await admin.createKey(['bridge:write'], { expires_in: 3600 })
    expect(Date.parse(expires_at ?? '') - server.clock.now()).toBe(hour)
    server.clock.advance(hour - 1)
    expect(await bridgeWith(secret)).toBe(200)
    server.clock.advance(1)
    expect(await bridgeWith(secret)).toBe(401)
    expect(await listed(id)).toMatchObject({ expires_at, disabled: false })
  })

  test('last_used_on is the day of the last use, UTC', async () => {
    const { secret, id } = await admin.createKey(['bridge:write'])
    expect(await listed(id)).toMatchObject({ last_used_on: null })
    for (let day = 0; day < 2; day++) {
      await bridgeWith(secret)
      const used = today()
      expect(await listed(id)).toMatchObject({ last_used_on: used })
      server.clock.advance(24 * hour)
      expect(await listed(id)).toMatchObject({ last_used_on: used })
    }
  })
})

describe('POST /v1/admin/api_keys/{api_key_id}/rotate', () => {
  test('the old and the new key both work during the overlap, then only the new one', async () => {
    const old = await admin.createKey(['bridge:write'], { name: 'turning' })
    const fresh = await bodyOf<ShownKey>(await rotate(old.id, { overlap_seconds: 3600 }))
    expect(fresh).toMatchObject({ name: 'turning', scopes: ['bridge:write'], expires_at: null, disabled: false })
    expect(fresh.id).not.toBe(old.id)
    expect([await bridgeWith(old.secret), await bridgeWith(fresh.secret)]).toEqual([200, 200])
    server.clock.advance(hour - 1)
    expect([await bridgeWith(old.secret), await bridgeWith(fresh.secret)]).toEqual([200, 200])
    server.clock.advance(1)
    expect([await bridgeWith(old.secret), await bridgeWith(fresh.secret)]).toEqual([401, 200])
  })

  test('without overlap, the old key stops at once; the default overlap is a day', async () => {
    const [one, two] = [await admin.createKey(['bridge:write']), await admin.createKey(['bridge:write'])]
    await rotate(one.id, { overlap_seconds: 0 })
    expect(await bridgeWith(one.secret)).toBe(401)
    await rotate(two.id)
    server.clock.advance(24 * hour - 1)
    expect(await bridgeWith(two.secret)).toBe(200)
    server.clock.advance(1)
    expect(await bridgeWith(two.secret)).toBe(401)
  })

  test('an earlier expiry of the old key is kept', async () => {
    const old = await admin.createKey(['bridge:write'], { expires_in: 60 })
    await rotate(old.id, { overlap_seconds: 3600 })
    expect(await listed(old.id)).toMatchObject({ expires_at: old.expires_at })
    server.clock.advance(60_000)
    expect(await bridgeWith(old.secret)).toBe(401)
  })

  test('a key can rotate itself', async () => {
    const own = await admin.createKey(['admin', 'bridge:write'])
    const fresh = await bodyOf<ShownKey>(await rotate(own.id, { overlap_seconds: 0 }, own.secret))
    expect([await bridgeWith(own.secret), await bridgeWith(fresh.secret)]).toEqual([401, 200])
  })

  test('a lost response can be requested again, even if the old key has ended by then', async () => {
    const old = await admin.createKey(['bridge:write'])
    const headers = { ...bearer(hostKey), 'Idempotency-Key': 'rotate it once' }
    const ask = () => server.post(`/v1/admin/api_keys/${old.id}/rotate`, { overlap_seconds: 0 }, headers)
    const one = await (await ask()).text()
    const two = await ask()
    expect([two.status, two.headers.get('idempotent-replayed')]).toEqual([200, 'true'])
    expect(await two.text()).toBe(one)
    expect((await rotate(old.id)).status).toBe(422)
  })

  test('403 if the old key has more scopes than the caller, who would gain them', async () => {
    const [strong, weak] = [await admin.createKey(['*', 'host']), await admin.createKey(['*'])]
    expect(await refusal(await rotate(strong.id, {}, weak.secret))).toBe('403 FORBIDDEN')
    expect((await admin.get('signing_keys', strong.secret)).status).toBe(200)
  })

  test('422 for a disabled key; 404 for a key that is unknown or of another account', async () => {
    const off = await admin.createKey(['bridge:write'])
    await admin.post(`api_keys/${off.id}/disable`, {})
    expect((await rotate(off.id)).status).toBe(422)
    const foreign = await admin.createKey(['bridge:write'], {}, rival.key)
    for (const id of ['unknown', foreign.id]) {
      expect(await refusal(await rotate(id))).toBe('404 RESOURCE_NOT_FOUND')
      expect(await refusal(await admin.post(`api_keys/${id}/disable`, {}))).toBe('404 RESOURCE_NOT_FOUND')
    }
    expect((await admin.get('api_keys', rival.key)).status).toBe(200)
  })
})

describe('POST /v1/admin/api_keys/{api_key_id}/disable', () => {
  test('the key stops at once everywhere, and stays in the list', async () => {
    const { secret, id } = await admin.createKey(['*'])
    expect(await bridgeWith(secret)).toBe(200)
    const shown = await bodyOf<ShownKey>(await admin.post(`api_keys/${id}/disable`, {}))
    expect(shown).toMatchObject({ id, disabled: true })
    expect(shown).not.toHaveProperty('secret')
    expect(await bridgeWith(secret)).toBe(401)
    expect((await admin.get('api_keys', secret)).status).toBe(401)
    expect((await server.trpc('tokens.introspect', { token: 'x' }, bearer(secret))).status).toBe(401)
    expect(await listed(id)).toMatchObject({ disabled: true })
    expect((await admin.post(`api_keys/${id}/disable`, {})).status).toBe(200)
  })

  test('403 if the key has more scopes than the caller, and the key keeps working', async () => {
    const [strong, weak] = [await admin.createKey(['*', 'host']), await admin.createKey(['*'])]
    expect(await refusal(await admin.post(`api_keys/${strong.id}/disable`, {}, weak.secret))).toBe('403 FORBIDDEN')
    const narrow = await admin.createKey(['admin'])
    const forced = { force: true }
    expect(await refusal(await admin.post(`api_keys/${weak.id}/disable`, forced, narrow.secret))).toBe('403 FORBIDDEN')
    expect((await admin.get('signing_keys', strong.secret)).status).toBe(200)
    expect((await admin.post(`api_keys/${narrow.id}/disable`, {}, narrow.secret)).status).toBe(200)
  })
})

describe('a key made for a child account', () => {
  test("belongs to the child: it sees only the child, and the parent's list doesn't show it", async () => {
    const forChild = { 'Straddle-Account-Id': child.account }
    const made = await bodyOf<ShownKey>(await admin.post('api_keys', { scopes: ['*'] }, hostKey, forChild))
    expect(await listed(made.id)).toBeUndefined()
    const list = await bodyOf<{ data: ShownKey[] }>(await admin.get('api_keys', hostKey, forChild))
    expect(list.data.map(({ id }) => id)).toEqual([made.id])
    expect(await bridgeWith(made.secret)).toBe(404)
    const kid = { customer_id: child.customer }
    expect((await server.post(paths.bridge, kid, bearer(made.secret))).status).toBe(200)
    const forParent = { 'Straddle-Account-Id': acme.account }
    expect(await refusal(await admin.get('api_keys', made.secret, forParent))).toBe('404 RESOURCE_NOT_FOUND')
  })
})
