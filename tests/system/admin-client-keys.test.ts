import { beforeAll, describe, expect, test } from 'vitest'
import { administer, refusal } from './support/fixtures/administer.js'
import { acme, child, rival } from './support/fixtures/fixture.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf, introspect, mintUserToken, paths, refresh } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: fixtureWithHost })
let admin: ReturnType<typeof administer>
beforeAll(async () => {
  admin = administer(server)
})

interface ShownClientKey extends Record<string, unknown> {
  readonly id: string
  readonly client_key: string
  readonly origin_allowlist: readonly string[]
}
const shop = 'https://new.example'
const settings = { name: 'site', origin_allowlist: [shop], agent: { id: 'agent_9', display_name: 'Nina' } }
const create = async (more: object = {}) =>
  bodyOf<ShownClientKey>(await admin.post('client_keys', { ...settings, rate_limit: { guest_per_minute: 0 }, ...more }))
const update = async (id: string, patch: object) => bodyOf<ShownClientKey>(await admin.post(`client_keys/${id}`, patch))
const guest = (client_key: string, origin: string = shop) =>
  server.post(paths.guest, { client_key }, { Origin: origin })
const config = (client_key: string) => server.get(`${paths.config}?client_key=${client_key}`, { Origin: shop })
const listAll = () => admin.listAll<ShownClientKey>('client_keys')

describe('POST /v1/admin/client_keys', () => {
  test('200 with a key that works for its page at once, and defaults for omitted fields', async () => {
    const made = await bodyOf<ShownClientKey>(await admin.post('client_keys', settings))
    expect(made).toEqual({
      ...settings,
      id: expect.any(String),
      client_key: expect.stringMatching(/^pk_test_[0-9A-Za-z]{22}$/),
      auth_mode: 'both',
      widget_enabled: true,
      disabled: false,
      branding: { primary_color: '#2563eb', accent_color: '#111827', launcher_position: 'br' },
      copy: { greeting: '', launcher_label: '' },
      locale: 'en',
      supported_locales: ['en'],
      rate_limit: { guest_per_minute: 60 },
    })
    expect((await guest(made.client_key)).status).toBe(200)
    expect((await guest(made.client_key, 'https://other.example')).status).toBe(403)
    expect(await listAll()).toContainEqual(made)
  })

  test.each([
    ['https://shop.example', 'https://shop.example'],
    ['https://shop.example/', 'https://shop.example'],
    ['HTTPS://Shop.Example', 'https://shop.example'],
    ['https://shop.example:443', 'https://shop.example'],
    ['http://shop.example:8080', 'http://shop.example:8080'],
    ['shop.example', 'https://shop.example'],
    ['*.Shop.Example', '*.shop.example'],
    ['LOCALHOST:*', 'localhost:*'],
    ['127.0.0.1:*', '127.0.0.1:*'],
    ['https://bücher.example', 'https://xn--bcher-kva.example'],
    ['capacitor://localhost/', 'capacitor://localhost'],
  ])('the entry %s is saved as %s', async (entry, kept) => {
    const { id, origin_allowlist } = await create({ origin_allowlist: [entry] })
    expect(origin_allowlist).toEqual([kept])
    expect((await update(id, { origin_allowlist: [entry] })).origin_allowlist).toEqual([kept])
  })

  test('200 for the app that the allowlist names, 403 for another app and for a website', async () => {
    const { client_key } = await create({ origin_allowlist: ['capacitor://localhost'] })
    const allowed = await guest(client_key, 'capacitor://localhost')
    expect(allowed.status).toBe(200)
    expect(allowed.headers.get('access-control-allow-origin')).toBe('capacitor://localhost')
    for (const origin of ['ionic://localhost', 'http://localhost', 'capacitor://localhost:1']) {
      expect((await guest(client_key, origin)).status).toBe(403)
    }
  })

  test.each([
    '*',
    '*.*',
    '*.example',
    'https://*.shop.example',
    'shop.*',
    'null',
    '',
    ' https://shop.example',
    'https://shop.example/path',
    'https://shop.example?x',
    'https://user@shop.example',
    'ftp://shop.example',
    'javascript://shop.example',
    'file:///etc/passwd',
    'localhost:3000:*',
    'shop.example:8080',
    'https://shop.example https://attacker.test',
    'https://shop.example\\.attacker.test',
    'https://shop%2eexample',
  ])('422 for the entry %o, naming it; nothing is created or changed', async (entry) => {
    const before = await listAll()
    const body = { ...settings, origin_allowlist: [shop, entry] }
    const refused = await admin.post('client_keys', body)
    expect(await refused.clone().text()).toContain('origin_allowlist.1')
    expect(await refusal(refused)).toBe('422 VALIDATION_FAILED')
    const [first] = before
    const { origin_allowlist } = body
    expect((await admin.post(`client_keys/${first?.id}`, { origin_allowlist })).status).toBe(422)
    expect(await listAll()).toEqual(before)
  })

  test.each([
    { agent: undefined },
    { agent: { id: '', display_name: 'x' } },
    { auth_mode: 'everyone' },
    { locale: 'not a tag' },
    { branding: { primary_color: 'red' } },
    { branding: { logo_url: 'javascript:alert(1)' } },
    { branding: { logo_url: 'https://cdn.example/a\u0000b' } },
    { agent: { id: 'a', display_name: 'x', avatar_url: `https://cdn.example/${'x'.repeat(1024)}` } },
    { copy: { 'a\u0000b': 'x' } },
    { copy: JSON.parse('{"__proto__":"x"}') },
    { rate_limit: { guest_per_minute: -1 } },
    { client_key: 'pk_test_mine' },
    { id: 'mine' },
  ])('422 for settings with %o', async (fault) => {
    expect(await refusal(await admin.post('client_keys', { ...settings, ...fault }))).toBe('422 VALIDATION_FAILED')
  })
})

describe('POST /v1/admin/client_keys/{client_key_id}', () => {
  test('changes the fields that it names and keeps the rest', async () => {
    const made = await create({
      auth_mode: 'guest',
      copy: { greeting: 'Hi', launcher_label: 'Chat', privacy_notice: 'None' },
      locale: 'de',
      supported_locales: ['de', 'en'],
      branding: { primary_color: '#ff0000', launcher_position: 'tl' },
    })
    expect(await update(made.id, {})).toEqual(made)
    const changes = [
      { name: 'other' },
      { widget_enabled: false },
      { auth_mode: 'user' },
      { agent: { id: 'agent_10', display_name: 'Otto' } },
      { copy: { greeting: 'Hello', launcher_label: '' } },
      { locale: 'fr' },
      { supported_locales: ['fr'] },
      { rate_limit: { guest_per_minute: 7 } },
      { origin_allowlist: [] },
      { branding: { primary_color: '#00ff00', accent_color: '#0000ff', launcher_position: 'br' } },
    ]
    let expected: ShownClientKey = made
    for (const change of changes) {
      expected = { ...expected, ...change }
      expect(await update(made.id, change)).toEqual(expected)
    }
    expect(await listAll()).toContainEqual(expected)
  })

  test('a branding with one color keeps the other', async () => {
    const { id } = await create({ branding: { primary_color: '#ff0000', accent_color: '#00ff00' } })
    const { branding } = await update(id, { branding: { primary_color: '#0000ff' } })
    expect(branding).toMatchObject({ primary_color: '#0000ff', accent_color: '#00ff00' })
  })

  test('null removes the logo and a limit in total, and keeps the other fields', async () => {
    const logo_url = 'https://shop.example/logo.svg'
    const rate_limit = { guest_per_minute: 7, guest_per_minute_total: 9 }
    const { id } = await create({ branding: { primary_color: '#ff0000', logo_url }, rate_limit })
    const changed = await update(id, { branding: { logo_url: null }, rate_limit: { guest_per_minute_total: null } })
    expect(changed.branding).toEqual({ primary_color: '#ff0000', accent_color: '#111827', launcher_position: 'br' })
    expect(changed.rate_limit).toEqual({ guest_per_minute: 7 })
    expect(await listAll()).toContainEqual(changed)
  })

  test('each setting takes effect at once', async () => {
    const { id, client_key } = await create()
    await update(id, { widget_enabled: false })
    expect((await guest(client_key)).status).toBe(403)
    expect(await bodyOf(await config(client_key))).toMatchObject({ widget_enabled: false })
    await update(id, { widget_enabled: true, auth_mode: 'user' })
    expect((await guest(client_key)).status).toBe(403)
    await update(id, { auth_mode: 'both', origin_allowlist: ['https://other.example'] })
    expect((await guest(client_key)).status).toBe(403)
    expect((await guest(client_key, 'https://other.example')).status).toBe(200)
    await update(id, { rate_limit: { guest_per_minute: 1 } })
    await guest(client_key, 'https://other.example')
    expect((await guest(client_key, 'https://other.example')).status).toBe(429)
  })

  test('disabled: its endpoints, tokens and sessions stop at once, and return when it is enabled', async () => {
    const { id, client_key } = await create()
    const visitor = await mintUserToken(server, { client_key })
    const session = await bodyOf<{ token: string; refresh_token: string }>(await guest(client_key))
    const tokens = [visitor, session.token, session.refresh_token]
    expect(await update(id, { disabled: true })).toMatchObject({ disabled: true })
    expect((await guest(client_key)).status).toBe(403)
    expect((await config(client_key)).status).toBe(403)
    const body = { client_key, user_id: 'u' }
    expect((await server.post(paths.userToken, body, bearer(hostKey))).status).toBe(403)
    expect((await server.post(paths.exchange, { token: visitor }, { Origin: shop })).status).toBe(403)
    expect((await server.post(paths.refresh, { refresh_token: session.refresh_token }, { Origin: shop })).status).toBe(
      403,
    )
    for (const token of tokens) expect(await introspect(server, token)).toEqual({ active: false })
    await update(id, { disabled: false })
    for (const token of tokens) expect(await introspect(server, token)).toMatchObject({ active: true })
    expect((await server.post(paths.exchange, { token: visitor }, { Origin: shop })).status).toBe(200)
    expect((await server.post(paths.refresh, { refresh_token: session.refresh_token }, { Origin: shop })).status).toBe(
      200,
    )
  })

  test("404 for a key that is unknown, of another account or of a child that isn't acted for", async () => {
    const foreign = await bodyOf<{ data: ShownClientKey[] }>(await admin.get('client_keys', rival.key))
    const forChild = { 'Straddle-Account-Id': child.account }
    const kids = await bodyOf<{ data: ShownClientKey[] }>(await admin.get('client_keys', hostKey, forChild))
    const [theirs, kid] = [foreign.data[0], kids.data[0]]
    for (const id of ['unknown', theirs?.id, kid?.id]) {
      expect(await refusal(await admin.post(`client_keys/${id}`, { disabled: true }))).toBe('404 RESOURCE_NOT_FOUND')
    }
    expect((await guest(rival.clientKey, acme.origin)).status).toBe(200)
    const changed = await admin.post(`client_keys/${kid?.id}`, { name: 'kids' }, hostKey, forChild)
    expect(await bodyOf(changed)).toEqual({ ...kid, name: 'kids' })
  })

  test('403 without the scope admin', async () => {
    const { id } = await create()
    expect(await refusal(await admin.post(`client_keys/${id}`, {}, acme.keyWithoutScopes))).toBe('403 FORBIDDEN')
    expect(await refusal(await admin.get('client_keys', acme.keyWithoutScopes))).toBe('403 FORBIDDEN')
  })

  test('403 for the refresh of a session whose origin was removed, which ends nothing', async () => {
    const { id, client_key } = await create()
    const { refresh_token } = await bodyOf<{ refresh_token: string }>(await guest(client_key))
    await update(id, { origin_allowlist: ['https://other.example'] })
    const again = () => server.post(paths.refresh, { refresh_token }, { Origin: shop })
    expect((await again()).status).toBe(403)
    expect((await refresh(server, refresh_token)).status).toBe(403)
    await update(id, { origin_allowlist: [shop] })
    expect((await again()).status).toBe(200)
  })
})
