import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { acme, child, rival } from './support/fixtures/fixture.js'
import { bodyOf, mintUserToken, paths } from './support/fixtures/mint.js'
import { expectText, visible } from './support/http/expect-text.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const missing = 'Missing client_key or user_id'
const unavailable = 'client_key is not available to this API key'

const server = withServer()

const user = { client_key: acme.clientKey, user_id: 'user_42' }
const userToken = (body: unknown, headers?: HeadersInit) => server.postAsAcme(paths.userToken, body, headers)
const subject = async (more: object) => decodeJwt(await mintUserToken(server, more)).sub

describe('POST /api/v1/widget/auth/user-token', () => {
  test('200 with a visitor token under both of its names', async () => {
    const response = await userToken(user)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('vary')).toContain('Origin')
    const now = Math.floor(server.clock.now() / 1000)
    const body = await response.json()
    expect(body).toEqual({
      token: expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+$/),
      user_token: body.token,
      token_type: 'Bearer',
      expires_in: 300,
      expires_at: expect.any(String),
    })
    expect(body.expires_at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
    expect(Date.parse(body.expires_at)).toBe((now + 300) * 1000)
  })

  test('the visitor token contains exactly the documented claims', async () => {
    const person = { display_name: 'Ada Lovelace', email: 'ada@example.com' }
    const traits = { plan: 'pro', seats: 3, tags: ['a', 'b'], nested: { ok: true } }
    const token = await mintUserToken(server, { ...person, traits, agent_id: 'agent_1' })
    const now = Math.floor(server.clock.now() / 1000)
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', kid: expect.any(String), typ: 'visitor+jwt' })
    expect(decodeJwt(token)).toEqual({
      iss: server.url,
      aud: 'visitor',
      sub: expect.stringMatching(/^[0-9a-f-]{36}$/),
      account_id: acme.account,
      client_key_id: expect.any(String),
      api_key_id: expect.any(String),
      agent_id: 'agent_1',
      user: { id: 'user_42', ...person },
      traits,
      iat: now,
      exp: now + 300,
      jti: expect.any(String),
    })
  })

  test("the token contains only the user's id if nothing else is given, and no traits", async () => {
    const claims = decodeJwt(await mintUserToken(server))
    expect(claims.user).toEqual({ id: 'user_42' })
    expect(claims).not.toHaveProperty('traits')
    expect(claims.sub).not.toContain('user_42')
  })

  test('the same user_id with the same client key is the same visitor; anything else is another', async () => {
    const first = await subject({})
    server.clock.advance(3_600_000)
    expect(await subject({ display_name: 'Ada', traits: { a: 1 } })).toBe(first)
    expect(await subject({ user_id: undefined, external_user_id: 'user_42' })).toBe(first)
    expect(await subject({ user_id: 'user_43' })).not.toBe(first)
    expect(await subject({ client_key: acme.userOnly })).not.toBe(first)
  })

  test('external_user_id is an alias; both can be given if they are equal', async () => {
    const { client_key } = user
    for (const body of [
      { client_key, external_user_id: 'u1' },
      { client_key, external_user_id: 'u1', user_id: 'u1' },
    ]) {
      const { token } = await bodyOf<{ token: string }>(await userToken(body))
      expect(decodeJwt(token)).toMatchObject({ user: { id: 'u1' } })
    }
    await expectText(await userToken({ ...user, external_user_id: 'u1' }), 422, /^Invalid (external_)?user_id: ./)
  })

  test('works the same over tRPC', async () => {
    const response = await server.trpc('visitor.userToken', user, bearer(acme.key))
    const { result } = await bodyOf<{ result: { data: object } }>(response)
    expect(Object.keys(result.data).sort()).toEqual(['expires_at', 'expires_in', 'token', 'token_type', 'user_token'])
  })

  test.each([
    '{}',
    '{"client_key":"pk_test_acme"}',
    '{"user_id":"user_42"}',
    '{"client_key":"","user_id":"user_42"}',
    '{"client_key":"pk_test_acme","user_id":""}',
    '{"client_key":"pk_test_acme","user_id":42}',
    '{"client_key":"pk_test_acme","external_user_id":null}',
    '{"client_key":7,"user_id":"user_42"}',
    '{"client_key":',
    '',
    '[]',
    'null',
  ])('400 with the documented phrase if a field is missing or the body is not an object: %s', async (body) => {
    await expectText(await userToken(body), 400, missing)
  })

  test.each([{}, bearer('sk_test_unknown'), bearer(acme.disabledKey), bearer(''), { Authorization: 'Basic YTpi' }])(
    '401 with the documented phrase without a known and enabled key: %o',
    async (headers) => {
      for (const body of [user, '{"client_key":']) {
        const response = await server.post(paths.userToken, body, headers)
        expect(response.headers.get('www-authenticate')).toBe('Bearer')
        await expectText(response, 401, 'Missing or invalid API key')
      }
    },
  )

  test('401 for a client key instead of a secret key', async () => {
    const response = await server.post(paths.userToken, user, bearer(acme.clientKey))
    await expectText(response, 401, 'Missing or invalid API key')
  })

  test('403 if the key lacks the scope', async () => {
    await expectText(await server.post(paths.userToken, user, bearer(acme.keyWithoutScopes)), 403, /./)
  })

  test("403 with the same bytes for an unknown, disabled, foreign or child's client key", async () => {
    const expected = await visible(await userToken({ ...user, client_key: 'pk_test_unknown' }))
    expect(expected).toMatchObject({ status: 403, body: unavailable })
    for (const client_key of [acme.disabledClientKey, rival.clientKey, child.clientKey]) {
      expect(await visible(await userToken({ ...user, client_key }))).toEqual(expected)
    }
  })

  test.each([acme.guestOnly, acme.off])('403 if the client key allows no users: %s', async (client_key) => {
    const response = await userToken({ ...user, client_key })
    const body = await response.text()
    expect(response.status).toBe(403)
    expect(body).not.toBe(unavailable)
  })

  test('a platform acts for its child, whose client keys then apply', async () => {
    const headers = { 'Straddle-Account-Id': child.account }
    const response = await userToken({ ...user, client_key: child.clientKey }, headers)
    const { token } = await bodyOf<{ token: string }>(response)
    expect(decodeJwt(token)).toMatchObject({ account_id: child.account })
    await expectText(await userToken(user, headers), 403, unavailable)
  })

  test('404 with the same body for an unknown acting account and one of another account', async () => {
    const [unknown, foreign] = await Promise.all(
      ['00000000-0000-4000-8000-000000000000', rival.account].map(async (account) =>
        visible(await userToken(user, { 'Straddle-Account-Id': account })),
      ),
    )
    expect(unknown).toMatchObject({ status: 404 })
    expect(foreign).toEqual(unknown)
  })

  test('405, 413 and 415 as text', async () => {
    await expectText(await server.get(paths.userToken, bearer(acme.key)), 405, /./)
    await expectText(await userToken(JSON.stringify(user).padEnd(65_537)), 413, /./)
    await expectText(await userToken('client_key=1', { 'Content-Type': 'text/plain' }), 415, /./)
    await expectText(await userToken(user, { 'Content-Encoding': 'gzip' }), 415, /./)
  })

  test.each<[field: string, more: object]>([
    ['colour', { colour: 'blue' }],
    ['agent_id', { agent_id: 'agent_2' }],
    ['display_name', { display_name: 'x'.repeat(1025) }],
    ['display_name', { display_name: 7 }],
    ['display_name', { display_name: 'a\u0000b' }],
    ['user_id', { user_id: '\ud800' }],
    ['user_id', { user_id: 'x'.repeat(1025) }],
    ['email', { email: 'no address' }],
    ['traits', { traits: [] }],
    ['traits', { traits: { big: Array.from({ length: 5 }, () => 'x'.repeat(1000)) } }],
  ])('422 names the field: %s', async (field, more) => {
    await expectText(await userToken({ ...user, ...more }), 422, new RegExp(`^Invalid ${field}\\b.*: .`))
  })

  test('traits can have 4 KiB of JSON, but not a byte more', async () => {
    const ofBytes = (bytes: number) => {
      const long = 'x'.repeat(1000)
      const traits = { a: long, b: long, c: long, d: 'é'.repeat(500), e: '' }
      const used = new TextEncoder().encode(JSON.stringify(traits)).length
      return { ...traits, e: 'x'.repeat(bytes - used) }
    }
    expect(new TextEncoder().encode(JSON.stringify(ofBytes(4096)))).toHaveLength(4096)
    expect((await userToken({ ...user, traits: ofBytes(4096) })).status).toBe(200)
    await expectText(await userToken({ ...user, traits: ofBytes(4097) }), 422, /^Invalid traits: ./)
  })
})
