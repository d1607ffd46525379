import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import {
  bodyOf,
  introspect,
  mintBridgeToken,
  mintCardToken,
  mintEmbedTicket,
  mintGuest,
  mintUserSession,
  mintUserToken,
  paths,
  refresh,
  revoke,
} from './support/fixtures/mint.js'
import { expectText } from './support/http/expect-text.js'
import { sendRepeated } from './support/http/send-raw.js'
import { withServer } from './support/servers/with-server.js'

const missing = 'Missing or expired token'
const refused = 'Origin not in allowlist for this client_key'

const server = withServer()

async function expectMissing(response: Response, reason: string): Promise<void> {
  expect(response.headers.get('x-error-reason')).toBe(reason)
  await expectText(response, 400, missing)
}
const exchange = (body: unknown, headers?: HeadersInit) => server.postFromShop(paths.exchange, body, headers)

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
/** Another encoding of the same signature bytes: base64url leaves the last bits of the last letter unused. */
const respell = (token: string) => token.slice(0, -1) + alphabet[alphabet.indexOf(token.slice(-1)) + 1]

describe('POST /api/v1/widget/auth/exchange', () => {
  test("200 with a user's session and exactly the documented fields", async () => {
    const user = { id: 'user_42', display_name: 'Ada Lovelace', email: 'ada@example.com' }
    const token = await mintUserToken(server, { display_name: user.display_name, email: user.email })
    const response = await exchange({ token })
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('no-store')
    const now = Math.floor(server.clock.now() / 1000)
    const body = await response.json()
    expect(body).toEqual({
      token: expect.any(String),
      token_type: 'Bearer',
      expires_in: 900,
      expires_at: expect.any(String),
      refresh_token: expect.any(String),
      refresh_expires_in: 86_400,
      session_id: expect.any(String),
      visitor_id: decodeJwt(token).sub,
      auth_mode: 'user',
      agent_id: 'agent_1',
      user,
    })
    expect(Date.parse(body.expires_at)).toBe((now + 900) * 1000)
  })

  test('the session token contains exactly the documented claims', async () => {
    const traits = { plan: 'pro' }
    const session = await mintUserSession(server, { display_name: 'Ada', traits })
    const now = Math.floor(server.clock.now() / 1000)
    const typ = 'widget-session+jwt'
    expect(decodeProtectedHeader(session.token)).toEqual({ alg: 'ES256', kid: expect.any(String), typ })
    expect(decodeJwt(session.token)).toEqual({
      iss: server.url,
      aud: 'widget-session',
      sub: session.visitor_id,
      sid: session.session_id,
      account_id: acme.account,
      client_key_id: expect.any(String),
      api_key_id: expect.any(String),
      agent_id: 'agent_1',
      auth_mode: 'user',
      origin: acme.origin,
      user: { id: 'user_42', display_name: 'Ada' },
      traits,
      iat: now,
      exp: now + 900,
      jti: expect.any(String),
    })
  })

  test('200 without an Origin, and then the session token has no origin', async () => {
    const response = await server.post(paths.exchange, { token: await mintUserToken(server) })
    expect(decodeJwt((await bodyOf<{ token: string }>(response)).token)).not.toHaveProperty('origin')
  })

  test('user_token is an alias; 422 if both are given and differ, and nothing is spent', async () => {
    const token = await mintUserToken(server)
    const other = await mintUserToken(server)
    await expectText(await exchange({ token, user_token: other }), 422, /^Invalid (user_)?token: ./)
    expect((await exchange({ user_token: token })).status).toBe(200)
    expect((await exchange({ token: other, user_token: other })).status).toBe(200)
  })

  test('200 over tRPC, which also spends the token for REST', async () => {
    const token = await mintUserToken(server)
    expect((await server.trpc('visitor.exchange', { token }, { Origin: acme.origin })).status).toBe(200)
    await expectText(await exchange({ token }), 400, missing)
  })

  test.each(['{}', '{"token":""}', '{"token":null}', '{"token":7}', '{"token":', '', '[]', 'null', '"x"'])(
    '400 with the documented phrase if the token is missing or the body is not an object: %s',
    async (body) => {
      await expectText(await exchange(body), 400, missing)
    },
  )

  test('400 with the documented phrase for a malformed, changed or re-encoded token', async () => {
    const token = await mintUserToken(server)
    const [header = '', payload = '', signature = ''] = token.split('.')
    const forged = Buffer.from(JSON.stringify({ ...decodeJwt(token), sub: 'someone else' })).toString('base64url')
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'visitor+jwt' })).toString('base64url')
    const malformed = ['x', 'a.b.c', `${header}.${payload}`, `${header}.${payload}.`, 'x'.repeat(20_000)]
    const changed = [
      `${header}.${forged}.${signature}`,
      `${none}.${payload}.`,
      `${token}=`,
      ` ${token}`,
      respell(token),
    ]
    for (const bad of [...malformed, ...changed]) await expectText(await exchange({ token: bad }), 400, missing)
    expect((await exchange({ token })).status).toBe(200)
  })

  test('400 with the documented phrase for a token of another kind', async () => {
    const guest = await mintGuest(server)
    const others = await Promise.all([mintBridgeToken(server), mintCardToken(server), mintEmbedTicket(server)])
    for (const token of [guest.token, guest.refresh_token, ...others]) {
      await expectText(await exchange({ token }), 400, missing)
    }
  })

  test('400 with the documented phrase for a spent or revoked token', async () => {
    const token = await mintUserToken(server)
    expect((await exchange({ token })).status).toBe(200)
    await expectText(await exchange({ token }), 400, missing)
    const revoked = await mintUserToken(server)
    expect((await revoke(server, revoked)).status).toBe(200)
    await expectText(await exchange({ token: revoked }), 400, missing)
  })

  test('a visitor token lives 5 minutes: 200 a second before its exp, 400 at its exp', async () => {
    const [early, late] = [await mintUserToken(server), await mintUserToken(server)]
    server.clock.advance((decodeJwt(early).exp ?? 0) * 1000 - 1000 - server.clock.now())
    expect((await exchange({ token: early })).status).toBe(200)
    server.clock.advance(1000)
    await expectText(await exchange({ token: late }), 400, missing)
  })

  test.each(['https://attacker.test', 'null', 'https://shop.example, https://shop.example'])(
    '403 for an origin that is not allowed, and the token is not spent: %s',
    async (origin) => {
      const token = await mintUserToken(server)
      await expectText(await exchange({ token }, { Origin: origin }), 403, refused)
      expect((await exchange({ token })).status).toBe(200)
    },
  )

  test('403 with two Origins', async () => {
    const body = { token: await mintUserToken(server) }
    const twice = await sendRepeated(server.url + paths.exchange, 'Origin', [acme.origin, acme.origin], body)
    expect(twice).toMatchObject({ status: 403, body: refused })
  })

  test('405, 413, 415 as text', async () => {
    await expectText(await server.get(paths.exchange), 405, /./)
    await expectText(await exchange('{}'.padEnd(65_537)), 413, /./)
    await expectText(await exchange('token=x', { 'Content-Type': 'application/x-www-form-urlencoded' }), 415, /./)
  })

  test('422 names the field, and nothing is spent', async () => {
    const token = await mintUserToken(server)
    await expectText(await exchange({ token, colour: 'blue' }), 422, /^Invalid colour: ./)
    await expectText(await exchange({ token, session_token: 7 }), 422, /^Invalid session_token: ./)
    expect((await exchange({ token })).status).toBe(200)
  })
})

describe('POST /api/v1/widget/auth/exchange with the client_key of the page', () => {
  test('200 if the token is for this client key', async () => {
    expect((await exchange({ token: await mintUserToken(server), client_key: acme.clientKey })).status).toBe(200)
  })

  test.each([
    ['of the same account', acme.userOnly],
    ['of another account', rival.clientKey],
    ['that does not exist', 'pk_test_unknown'],
  ])('400 client_key_mismatch for a client key %s, and the token is not spent', async (_, client_key) => {
    const token = await mintUserToken(server)
    await expectMissing(await exchange({ token, client_key }), 'client_key_mismatch')
    expect((await exchange({ token })).status).toBe(200)
  })
})

describe('POST /api/v1/widget/auth/exchange with a guest’s session_token', () => {
  test('200 promotes the guest: the visitor_id is kept, and the guest session ends', async () => {
    const guest = await mintGuest(server)
    const body = { token: await mintUserToken(server), session_token: guest.token }
    const session = await bodyOf<typeof guest>(await exchange(body))
    expect(session).toMatchObject({ visitor_id: guest.visitor_id, auth_mode: 'user', user: { id: 'user_42' } })
    expect(session.session_id).not.toBe(guest.session_id)
    expect(decodeJwt(session.token).sub).toBe(guest.visitor_id)
    expect(await introspect(server, guest.token)).toEqual({ active: false })
    await expectText(await refresh(server, guest.refresh_token), 400, 'Missing or expired refresh_token')
    const next = await bodyOf<typeof guest>(await refresh(server, session.refresh_token))
    expect(next.visitor_id).toBe(guest.visitor_id)
  })

  test('200 for a guest session that was refreshed', async () => {
    const guest = await mintGuest(server)
    const next = await bodyOf<typeof guest>(await refresh(server, guest.refresh_token))
    const response = await exchange({ token: await mintUserToken(server), session_token: next.token })
    expect(await response.json()).toMatchObject({ visitor_id: guest.visitor_id })
    await expectText(await refresh(server, next.refresh_token), 400, 'Missing or expired refresh_token')
  })

  test('400 unless it is an active guest session of the client key; the visitor token stays', async () => {
    const expired = await mintGuest(server)
    server.clock.advance(900_000)
    const [promoted, revoked] = [await mintGuest(server), await mintGuest(server)]
    const [foreign, user] = [await mintGuest(server, acme.guestOnly), await mintUserSession(server)]
    expect((await exchange({ token: await mintUserToken(server), session_token: promoted.token })).status).toBe(200)
    await revoke(server, revoked.token)
    const token = await mintUserToken(server)
    const wrong = [expired, promoted, revoked, user].map((session) => session.token)
    for (const session_token of [...wrong, 'x', token, foreign.refresh_token]) {
      await expectMissing(await exchange({ token, session_token }), 'invalid_token')
    }
    expect((await exchange({ token })).status).toBe(200)
    expect(await introspect(server, foreign.token)).toMatchObject({ active: true })
  })

  test('400 client_key_mismatch for a guest of another client key; both tokens stay valid', async () => {
    const [guest, ended] = [await mintGuest(server, acme.guestOnly), await mintGuest(server, acme.guestOnly)]
    await revoke(server, ended.token)
    const token = await mintUserToken(server)
    // the response does not reveal whether a session of another client key is active
    for (const session_token of [guest.token, ended.token]) {
      await expectMissing(await exchange({ token, session_token }), 'client_key_mismatch')
    }
    expect(await introspect(server, guest.token)).toMatchObject({ active: true })
    expect((await refresh(server, guest.refresh_token)).status).toBe(200)
    expect((await exchange({ token })).status).toBe(200)
  })
})
