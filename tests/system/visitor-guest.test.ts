import type { WidgetSession } from '@hallpass/contracts'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import {
  bodyOf,
  introspect,
  mintGuest,
  mintUserSession,
  mintUserToken,
  paths,
  refresh,
} from './support/fixtures/mint.js'
import { expectText, visible } from './support/http/expect-text.js'
import { sendRepeated } from './support/http/send-raw.js'
import { withServer } from './support/servers/with-server.js'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const refused = 'Origin not in allowlist for this client_key'

const server = withServer()

const guest = (body: unknown = { client_key: acme.clientKey }, headers?: HeadersInit) =>
  server.postFromShop(paths.guest, body, headers)

describe('POST /api/v1/widget/auth/guest', () => {
  test('200 with a guest session and exactly the documented fields', async () => {
    const response = await guest()
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('vary')).toContain('Origin')
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('content-security-policy')).toBeTruthy()
    const now = Math.floor(server.clock.now() / 1000)
    const body = await response.json()
    expect(body).toEqual({
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      token_type: 'Bearer',
      expires_in: 900,
      expires_at: expect.any(String),
      refresh_token: expect.any(String),
      refresh_expires_in: 86_400,
      session_id: expect.stringMatching(uuid),
      visitor_id: expect.stringMatching(uuid),
      auth_mode: 'guest',
      agent_id: 'agent_1',
    })
    expect(body.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
    expect(Date.parse(body.expires_at)).toBe((now + 900) * 1000)
  })

  test('the session token contains exactly the documented claims', async () => {
    const session = await mintGuest(server)
    const now = Math.floor(server.clock.now() / 1000)
    expect(decodeProtectedHeader(session.token)).toEqual({
      alg: 'ES256',
      kid: expect.any(String),
      typ: 'widget-session+jwt',
    })
    expect(decodeJwt(session.token)).toEqual({
      iss: server.url,
      aud: 'widget-session',
      sub: session.visitor_id,
      sid: session.session_id,
      account_id: acme.account,
      client_key_id: expect.any(String),
      agent_id: 'agent_1',
      auth_mode: 'guest',
      origin: acme.origin,
      iat: now,
      exp: now + 900,
      jti: expect.any(String),
    })
  })

  test('every guest is a new visitor with a new session', async () => {
    const [one, two] = [await mintGuest(server), await mintGuest(server)]
    expect(one.visitor_id).not.toBe(two.visitor_id)
    expect(one.session_id).not.toBe(two.session_id)
    expect(one.refresh_token).not.toBe(two.refresh_token)
  })

  test('200 with the optional fields, and over tRPC', async () => {
    const input = { client_key: acme.clientKey, agent_id: 'agent_1', locale: 'pt-BR', metadata: { page: '/cart' } }
    expect((await guest(input)).status).toBe(200)
    const { result } = await bodyOf<{ result: { data: object } }>(
      await server.trpc('visitor.guest', input, { Origin: acme.origin }),
    )
    expect(result.data).toMatchObject({ token_type: 'Bearer', auth_mode: 'guest', agent_id: 'agent_1' })
  })

  test('metadata is a claim of the session, and is kept by refresh and promotion', async () => {
    const metadata = { page: '/cart', tags: ['a', { deep: [1, null, true] }], empty: {} }
    const session = await bodyOf<WidgetSession>(await guest({ client_key: acme.clientKey, metadata }))
    const next = await bodyOf<WidgetSession>(await refresh(server, session.refresh_token))
    const promoted = await bodyOf<WidgetSession>(
      await server.postFromShop(paths.exchange, { token: await mintUserToken(server), session_token: next.token }),
    )
    for (const { token } of [session, next, promoted]) expect(decodeJwt(token).metadata).toEqual(metadata)
    for (const token of [promoted.token, promoted.refresh_token]) {
      expect(await introspect(server, token)).toMatchObject({ active: true, metadata })
    }
    // a user who was not a guest here has none
    expect(decodeJwt((await mintUserSession(server)).token)).not.toHaveProperty('metadata')
    expect(decodeJwt((await mintGuest(server)).token)).not.toHaveProperty('metadata')
  })

  test('metadata can have 4 KiB of JSON, but not a byte more', async () => {
    const used = Buffer.byteLength(
      JSON.stringify({ a: 'é'.repeat(1_000), b: 'x'.repeat(1_000), c: 'x'.repeat(1_000), d: '' }),
    )
    const ofBytes = (bytes: number) => ({
      client_key: acme.clientKey,
      metadata: { a: 'é'.repeat(1_000), b: 'x'.repeat(1_000), c: 'x'.repeat(1_000), d: 'x'.repeat(bytes - used) },
    })
    const { token } = await bodyOf<WidgetSession>(await guest(ofBytes(4_096)))
    expect(decodeJwt(token).metadata).toEqual(ofBytes(4_096).metadata)
    await expectText(await guest(ofBytes(4_097)), 422, /^Invalid metadata: ./)
  })

  test.each([
    '{}',
    '{"client_key":""}',
    '{"client_key":null}',
    '{"client_key":7}',
    '{"client_key":["pk_test_acme"]}',
    '{"client_key":',
    '',
    '[]',
    'null',
    '"pk_test_acme"',
  ])('400 with the documented phrase if the client_key is missing or the body no object: %s', async (body) => {
    await expectText(await guest(body), 400, 'Missing client_key')
  })

  test.each(['https://shop.example', 'https://eu.shop.example', 'http://localhost:3000', 'https://localhost'])(
    '200 from an allowed origin, which the token contains: %s',
    async (origin) => {
      const { token } = await bodyOf<{ token: string }>(await guest(undefined, { Origin: origin }))
      expect(decodeJwt(token)).toMatchObject({ origin })
    },
  )

  test.each([
    'https://attacker.test',
    'null',
    'http://shop.example',
    'https://shop.example:8443',
    'https://shop.example/',
    'https://SHOP.example',
    'https://shop.example.attacker.test',
    'https://notshop.example',
    'https://a.b.shop.example',
    'https://.shop.example',
    'http://eu.shop.example',
    'http://localhost.attacker.test:3000',
    'http://localhost:0',
    'https://shop.example, https://shop.example',
  ])('403 with the documented phrase for another origin: %s', async (origin) => {
    await expectText(await guest(undefined, { Origin: origin }), 403, refused)
  })

  test('403 without an Origin, and with two', async () => {
    const body = { client_key: acme.clientKey }
    await expectText(await server.post(paths.guest, body), 403, refused)
    const twice = await sendRepeated(server.url + paths.guest, 'Origin', [acme.origin, acme.origin], body)
    expect(twice).toMatchObject({ status: 403, body: refused })
  })

  test('403 with the same bytes for an unknown or disabled client key and a wrong origin', async () => {
    const headers = { Origin: 'https://attacker.test' }
    const expected = await visible(await guest(undefined, headers))
    expect(expected).toMatchObject({ status: 403, body: refused })
    for (const client_key of ['pk_test_unknown', acme.disabledClientKey, `pk_test_${'x'.repeat(2000)}`]) {
      expect(await visible(await guest({ client_key }, headers))).toEqual(expected)
      const fromShop = await guest({ client_key })
      expect(fromShop.headers.get('access-control-allow-origin')).toBe(acme.origin)
      expect({ status: fromShop.status, body: await fromShop.text() }).toEqual({ status: 403, body: refused })
    }
  })

  test('403 for an unknown key and a wrong origin, even if other fields are invalid', async () => {
    await expectText(await guest({ client_key: 'pk_test_unknown', colour: 'blue' }), 403, refused)
    const headers = { Origin: 'https://attacker.test' }
    await expectText(await guest({ client_key: acme.clientKey, colour: 'blue' }, headers), 403, refused)
  })

  test.each([acme.userOnly, acme.off])('403 if the client key allows no guests: %s', async (client_key) => {
    const response = await guest({ client_key })
    expect(response.headers.get('x-error-reason')).not.toBe('origin_not_allowed')
    await expectText(response, 403, /./)
  })

  test('404 and 405 as text, the latter with the allowed method', async () => {
    await expectText(await server.postFromShop('/api/v1/widget/auth/unknown', {}), 404, /./)
    const response = await server.get(paths.guest, { Origin: acme.origin })
    expect(response.headers.get('allow')).toContain('POST')
    await expectText(response, 405, /./)
  })

  test('413 for a body over 65,536 bytes, but not for exactly that', async () => {
    const body = JSON.stringify({ client_key: acme.clientKey })
    await expectText(await guest(body.padEnd(65_537)), 413, /./)
    expect((await guest(body.padEnd(65_536))).status).toBe(200)
  })

  test.each<Record<string, string>>([
    { 'Content-Type': 'text/plain' },
    { 'Content-Type': 'application/x-www-form-urlencoded' },
    { 'Content-Type': 'application/json; charset=utf-16' },
    { 'Content-Encoding': 'gzip' },
  ])('415 for another kind of body: %o', async (headers) => {
    await expectText(await guest(undefined, headers), 415, /./)
  })

  test.each<[field: string, more: object]>([
    ['colour', { colour: 'blue' }],
    ['agent_id', { agent_id: 'agent_2' }],
    ['agent_id', { agent_id: '' }],
    ['locale', { locale: 7 }],
    ['metadata', { metadata: 'text' }],
    ['metadata', { metadata: { big: Array.from({ length: 5 }, () => 'x'.repeat(1000)) } }],
    ['metadata', { metadata: { nul: 'a\u0000b' } }],
    ['metadata', { metadata: { half: '\ud800' } }],
    ['metadata', { metadata: { long: 'x'.repeat(1025) } }],
    ['metadata', { metadata: { ['__proto__']: 'x'.repeat(5000) } }],
  ])('422 names the field: %s', async (field, more) => {
    await expectText(await guest({ client_key: acme.clientKey, ...more }), 422, new RegExp(`^Invalid ${field}\\b.*: .`))
  })

  test('400 for a Request-Id that is too long or repeated', async () => {
    expect((await guest(undefined, { 'Request-Id': 'x'.repeat(200) })).status).toBe(200)
    await expectText(await guest(undefined, { 'Request-Id': 'x'.repeat(201) }), 400, /Request-Id/)
    const body = { client_key: acme.clientKey }
    const twice = await sendRepeated(server.url + paths.guest, 'Request-Id', ['one', 'two'], body, acme.origin)
    expect(twice.status).toBe(400)
  })

  test.each([200, 400, 403])('echoes Request-Id and Correlation-Id on a %i', async (status) => {
    const headers = { 'Request-Id': 'my request', 'Correlation-Id': 'my trace' }
    const body = status === 400 ? {} : { client_key: status === 200 ? acme.clientKey : 'pk_test_unknown' }
    const response = await guest(body, headers)
    expect(response.status).toBe(status)
    expect(response.headers.get('request-id')).toBe('my request')
    expect(response.headers.get('correlation-id')).toBe('my trace')
  })
})
