import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { acme, child, rival } from './support/fixtures/fixture.js'
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
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const hour = 3_600_000
const inactive = '{"active":false}'
const form = { 'Content-Type': 'application/x-www-form-urlencoded' }

const server = withServer()

const jwtKinds: [kind: string, mint: () => Promise<string>][] = [
  ['bridge', () => mintBridgeToken(server)],
  ['visitor', () => mintUserToken(server, { display_name: 'Ada', traits: { plan: 'pro' } })],
  ['widget-session', async () => (await mintGuest(server)).token],
  ['widget-session', async () => (await mintUserSession(server, { traits: { plan: 'pro' } })).token],
  ['embed-ticket', () => mintEmbedTicket(server)],
]
const kinds: typeof jwtKinds = [
  ...jwtKinds,
  ['refresh', async () => (await mintGuest(server)).refresh_token],
  ['card', () => mintCardToken(server)],
]

const ask = (token: string, headers?: HeadersInit) => server.postForm(paths.introspect, { token }, headers)

/** Expects exactly the 16 bytes of an inactive response. */
async function expectInactive(token: string, headers?: HeadersInit): Promise<void> {
  const response = await ask(token, headers)
  expect({ status: response.status, body: await response.text() }).toEqual({ status: 200, body: inactive })
}

async function refused(response: Response, status: number, error: string): Promise<void> {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await response.json()).toEqual({ error, error_description: expect.stringMatching(/./) })
}

describe('POST /oauth2/introspect', () => {
  test.each(jwtKinds)('200 for an active %s token, with its claims', async (kind, mint) => {
    const token = await mint()
    const response = await ask(token)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(await bodyOf(response)).toEqual({ active: true, token_type: kind, ...decodeJwt(token) })
  })

  test('200 for an active refresh token, with its session and expiry', async () => {
    const session = await mintUserSession(server)
    const { sub, sid, client_key_id } = decodeJwt(session.token)
    const now = Math.floor(server.clock.now() / 1000)
    expect(await introspect(server, session.refresh_token)).toMatchObject({
      active: true,
      token_type: 'refresh',
      iss: server.url,
      aud: expect.any(String),
      sub,
      sid,
      client_key_id,
      auth_mode: 'user',
      user: { id: 'user_42' },
      account_id: acme.account,
      iat: now,
      exp: now + 86_400,
      jti: expect.any(String),
    })
  })

  test('200 for an active card token, with card, widget type and tenant, but not the token', async () => {
    const token = await mintCardToken(server, 'SET_PIN')
    const now = Math.floor(server.clock.now() / 1000)
    const body = await introspect(server, token)
    expect(body).toEqual({
      active: true,
      token_type: 'card',
      iss: server.url,
      aud: expect.any(String),
      sub: acme.activeCard,
      iat: now,
      exp: now + 300,
      jti: expect.any(String),
      account_id: acme.account,
      card_id: acme.activeCard,
      widget_type: 'SET_PIN',
      tenant: '2_3',
    })
    expect(JSON.stringify(body)).not.toContain(token)
  })

  test.each(kinds)('introspection spends nothing: a %s token stays active', async (_, mint) => {
    const token = await mint()
    expect(await introspect(server, token)).toEqual(await introspect(server, token))
    expect(await introspect(server, token)).toMatchObject({ active: true })
  })

  test.each(kinds)('exactly {"active":false} for a %s token of another account', async (_, mint) => {
    await expectInactive(await mint(), bearer(rival.key))
  })

  test.each(kinds)('exactly {"active":false} for a %s token that was revoked', async (_, mint) => {
    const token = await mint()
    await revoke(server, token)
    await expectInactive(token)
  })

  test.each<[kind: string, lifetime: number, mint: () => Promise<string>]>([
    ['bridge', 4 * hour, () => mintBridgeToken(server)],
    ['visitor', 300_000, () => mintUserToken(server)],
    ['widget-session', 900_000, async () => (await mintGuest(server)).token],
    ['embed-ticket', 60_000, () => mintEmbedTicket(server)],
    ['refresh', 24 * hour, async () => (await mintGuest(server)).refresh_token],
    ['card', 300_000, () => mintCardToken(server)],
  ])('a %s token is active until %i ms after minting, then exactly {"active":false}', async (_, life, mint) => {
    // a JWT counts whole seconds
    server.clock.advance(1000 - (server.clock.now() % 1000))
    const token = await mint()
    server.clock.advance(life - 1)
    expect(await introspect(server, token)).toMatchObject({ active: true })
    server.clock.advance(1)
    await expectInactive(token)
  })

  test('exactly {"active":false} for a token that was spent', async () => {
    const [visitor, guest, card] = [await mintUserToken(server), await mintGuest(server), await mintCardToken(server)]
    await bodyOf(await server.postFromShop(paths.exchange, { token: visitor, session_token: guest.token }))
    await bodyOf(await server.postAsAcme(paths.redeem, { widget_token: card, widget_type: 'REVEAL' }))
    for (const token of [visitor, guest.token, guest.refresh_token, card]) await expectInactive(token)
  })

  test('a rotated refresh token is inactive, and its successor is active', async () => {
    const guest = await mintGuest(server)
    const next = await bodyOf<typeof guest>(await refresh(server, guest.refresh_token))
    await expectInactive(guest.refresh_token)
    expect(await introspect(server, next.refresh_token)).toMatchObject({ active: true, sid: guest.session_id })
  })

  test('exactly {"active":false} for an invalid token or one that was tampered with', async () => {
    const [bridge, guest] = [await mintBridgeToken(server), await mintGuest(server)]
    const [header, , signature] = bridge.split('.')
    const claims = Buffer.from(JSON.stringify({ ...decodeJwt(bridge), sub: 'x' })).toString('base64url')
    const tampered = [`${header}.${claims}.${signature}`, `${bridge}=`, `${bridge}.`, `${guest.refresh_token}A`]
    for (const token of [...tampered, 'x', acme.key, acme.clientKey, 'é\u0000', 'x'.repeat(30_000)]) {
      await expectInactive(token)
    }
  })

  test("a platform sees its child's tokens only if it acts for the child", async () => {
    const acting = { 'Straddle-Account-Id': child.account }
    const minted = await server.postAsAcme(paths.bridge, { customer_id: child.customer }, acting)
    const token = (await bodyOf<{ data: { bridge_token: string } }>(minted)).data.bridge_token
    await expectInactive(token)
    expect(await bodyOf(await ask(token, acting))).toMatchObject({ active: true, account_id: child.account })
    await expectInactive(await mintBridgeToken(server), acting)
  })

  test('200 with a hint, even a wrong one, and with fields unknown to RFC 7662', async () => {
    const token = await mintCardToken(server)
    const more = { token_type_hint: 'refresh_token', colour: 'blue' }
    expect(await bodyOf(await server.postForm(paths.introspect, { token, ...more }))).toMatchObject({ active: true })
  })

  test('works the same over tRPC', async () => {
    const token = await mintBridgeToken(server)
    const response = await server.trpc('tokens.introspect', { token }, bearer(acme.key))
    expect(await bodyOf(response)).toEqual({ result: { data: await introspect(server, token) } })
  })

  test.each(['', 'token=', 'token=a&token=a', 'other=a'])(
    '400 invalid_request if the token is missing, empty or repeated: "%s"',
    async (body) => {
      const headers = { ...form, ...bearer(acme.key) }
      await refused(await server.post(paths.introspect, body, headers), 400, 'invalid_request')
    },
  )

  test('400 invalid_request for a token in the query, which would end up in logs', async () => {
    const path = `${paths.introspect}?token=${await mintBridgeToken(server)}`
    await refused(await server.post(path, '', { ...form, ...bearer(acme.key) }), 400, 'invalid_request')
  })

  test.each([
    [{}, 'Bearer'],
    [bearer('sk_test_unknown'), 'Bearer'],
    [bearer(acme.disabledKey), 'Bearer'],
    [{ Authorization: 'Basic YTpi' }, 'Bearer, Basic realm="Hallpass", charset="UTF-8"'],
  ])('401 invalid_client without a known and enabled key: %o', async (headers, challenge) => {
    const response = await server.post(paths.introspect, 'token=x', { ...form, ...headers })
    expect(response.headers.get('www-authenticate')).toBe(challenge)
    await refused(response, 401, 'invalid_client')
  })

  test('requires only the scope tokens:introspect, and returns 403 without it', async () => {
    const token = await mintBridgeToken(server)
    expect(await bodyOf(await ask(token, bearer(acme.keyWithoutScopes)))).toMatchObject({ active: true })
    await refused(
      await server.postForm(paths.revoke, { token }, bearer(acme.keyWithoutScopes)),
      403,
      'insufficient_scope',
    )
  })

  test('404, 405, 413 and 415 in the shape of the RFC', async () => {
    await refused(await server.get('/oauth2/unknown', bearer(acme.key)), 404, 'invalid_request')
    await refused(await server.get(`${paths.introspect}?token=x`, bearer(acme.key)), 405, 'invalid_request')
    await refused(await ask('x'.repeat(65_536)), 413, 'invalid_request')
    await refused(await server.postAsAcme(paths.introspect, { token: 'x' }), 415, 'invalid_request')
    await refused(await ask('x', { 'Content-Encoding': 'gzip' }), 415, 'invalid_request')
    await refused(await ask('x', { 'Straddle-Account-Id': rival.account }), 404, 'invalid_request')
    await refused(await ask('x', { 'Request-Id': 'x'.repeat(201) }), 400, 'invalid_request')
  })
})
