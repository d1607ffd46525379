import type { WidgetSession } from '@hallpass/contracts'
import { decodeProtectedHeader } from 'jose'
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
import { bearer, startServer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const inactive = { active: false }
const form = { 'Content-Type': 'application/x-www-form-urlencoded' }

const server = withServer()

const kinds: [kind: string, mint: () => Promise<string>][] = [
  ['bridge', () => mintBridgeToken(server)],
  ['visitor', () => mintUserToken(server)],
  ['guest session', async () => (await mintGuest(server)).token],
  ['user session', async () => (await mintUserSession(server)).token],
  ['refresh', async () => (await mintGuest(server)).refresh_token],
  ['embed-ticket', () => mintEmbedTicket(server)],
  ['card', () => mintCardToken(server)],
]

/** For an ES256 signature (r, s), the equally valid (r, n - s). */
function otherSignature(token: string): string {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const [header, payload, signature = ''] = token.split('.')
  const bytes = Buffer.from(signature, 'base64url')
  const s = order - BigInt(`0x${bytes.subarray(32).toString('hex')}`)
  bytes.write(s.toString(16).padStart(64, '0'), 32, 'hex')
  return `${header}.${payload}.${bytes.toString('base64url')}`
}

async function refused(response: Response, status: number, error: string): Promise<void> {
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/json')
  expect(await response.json()).toEqual({ error, error_description: expect.stringMatching(/./) })
}

describe('POST /oauth2/revoke', () => {
  test.each(kinds)('200 for a %s token, which is then inactive; 200 again without effect', async (_, mint) => {
    const token = await mint()
    expect(await introspect(server, token)).toMatchObject({ active: true })
    const responses = [await revoke(server, token), await revoke(server, token)]
    expect(responses.map(({ status }) => status)).toEqual([200, 200])
    expect(await introspect(server, token)).toEqual(inactive)
    const bodies = await Promise.all(responses.map((answer) => answer.text()))
    expect(bodies[0]).toBe(bodies[1])
  })

  test.each(kinds)('200 for a %s token of another account, which stays active', async (_, mint) => {
    const token = await mint()
    expect((await server.postForm(paths.revoke, { token }, bearer(rival.key))).status).toBe(200)
    const acting = { 'Straddle-Account-Id': child.account }
    expect((await server.postForm(paths.revoke, { token }, acting)).status).toBe(200)
    expect(await introspect(server, token)).toMatchObject({ active: true })
  })

  test("200 with the same bytes for a token that is active, another account's, unknown or invalid", async () => {
    const live = await mintBridgeToken(server)
    const tokens = [live, live, 'x', '0b0319e2-d5f4-49cb-b426-9ff9b2e96969', 'a.b.c', 'x'.repeat(30_000)]
    const bodies = await Promise.all(tokens.map(async (token) => bodyOf(await revoke(server, token))))
    for (const body of bodies) expect(body).toEqual(bodies[0])
  })

  test('a session token ends its session, including all refresh tokens', async () => {
    const guest = await mintGuest(server)
    const next = await bodyOf<WidgetSession>(await refresh(server, guest.refresh_token))
    await revoke(server, guest.token)
    for (const { token, refresh_token } of [guest, next]) {
      expect(await introspect(server, token)).toEqual(inactive)
      expect(await introspect(server, refresh_token)).toEqual(inactive)
      expect((await refresh(server, refresh_token)).status).toBe(400)
    }
  })

  test('a refresh token, even a rotated one, ends its session, including all session tokens', async () => {
    for (const which of [0, 1]) {
      const guest = await mintGuest(server)
      const sessions = [guest, await bodyOf<WidgetSession>(await refresh(server, guest.refresh_token))]
      server.clock.advance(60_000)
      await revoke(server, sessions[which]?.refresh_token ?? '')
      for (const { token, refresh_token } of sessions) {
        expect(await introspect(server, token)).toEqual(inactive)
        expect((await refresh(server, refresh_token)).status).toBe(400)
      }
    }
  })

  test('other sessions of the same visitor continue', async () => {
    const [one, two] = [await mintUserSession(server), await mintUserSession(server)]
    await revoke(server, one.token)
    expect(await introspect(server, two.token)).toMatchObject({ active: true, sub: one.visitor_id })
    expect((await refresh(server, two.refresh_token)).status).toBe(200)
  })

  test('a revoked session stays ended for as long as its refresh tokens could be valid', async () => {
    const guest = await mintGuest(server)
    await revoke(server, guest.token)
    for (let hours = 0; hours < 24; hours += 6) {
      expect((await refresh(server, guest.refresh_token)).status).toBe(400)
      server.clock.advance(6 * 3_600_000)
    }
  })

  test("a revoked visitor token can't be exchanged, and a revoked card token can't be redeemed", async () => {
    const [visitor, card] = [await mintUserToken(server), await mintCardToken(server)]
    await revoke(server, visitor)
    await revoke(server, card)
    const exchanged = await server.postFromShop(paths.exchange, { token: visitor })
    expect({ status: exchanged.status, body: await exchanged.text() }).toEqual({
      status: 400,
      body: 'Missing or expired token',
    })
    const redeemed = await server.postAsAcme(paths.redeem, { widget_token: card, widget_type: 'REVEAL' })
    expect(await redeemed.json()).toMatchObject({ status: 422, code: 'TOKEN_REVOKED' })
  })

  test('200 for a card token that was spent, which stays spent', async () => {
    const widget_token = await mintCardToken(server)
    const body = { widget_token, widget_type: 'REVEAL' }
    expect((await server.postAsAcme(paths.redeem, body)).status).toBe(200)
    expect((await revoke(server, widget_token)).status).toBe(200)
    expect(await (await server.postAsAcme(paths.redeem, body)).json()).toMatchObject({ code: 'TOKEN_ALREADY_USED' })
  })

  test('a revoked token stays revoked after its expiry and in another encoding', async () => {
    const token = await mintBridgeToken(server)
    await revoke(server, token)
    for (const spelling of [`${token}=`, ` ${token}`, `${token}\n`]) {
      expect(await introspect(server, spelling)).toEqual(inactive)
    }
    server.clock.advance(5 * 3_600_000)
    expect(await introspect(server, token)).toEqual(inactive)
  })

  test('a second valid ES256 signature over the same claims is the same token, and revoked too', async () => {
    const es256 = await startServer({ config: { signingAlg: 'ES256' } })
    const token = await mintBridgeToken(es256)
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'bridge+jwt' })
    const twin = otherSignature(token)
    expect(twin).not.toBe(token)
    expect(await introspect(es256, twin)).toEqual(await introspect(es256, token))
    await revoke(es256, twin)
    for (const one of [token, twin]) expect(await introspect(es256, one)).toEqual(inactive)
    const visitor = await mintUserToken(es256)
    const exchange = async (one: string) => (await es256.postFromShop(paths.exchange, { token: one })).status
    expect([await exchange(otherSignature(visitor)), await exchange(visitor)]).toEqual([200, 400])
    await es256.stop()
  })

  test('200 with a hint, even a wrong one, and over tRPC', async () => {
    const [one, two] = [await mintCardToken(server), await mintCardToken(server)]
    const hinted = await server.postForm(paths.revoke, { token: one, token_type_hint: 'access_token' })
    expect(hinted.status).toBe(200)
    expect((await server.trpc('tokens.revoke', { token: two }, bearer(acme.key))).status).toBe(200)
    for (const token of [one, two]) expect(await introspect(server, token)).toEqual(inactive)
  })

  test.each(['', 'token=', 'token=a&token=a', 'other=a'])(
    '400 invalid_request if the token is missing, empty or repeated: "%s"',
    async (body) => {
      await refused(await server.post(paths.revoke, body, { ...form, ...bearer(acme.key) }), 400, 'invalid_request')
    },
  )

  test.each([{}, bearer('sk_test_unknown'), bearer(acme.disabledKey)])(
    '401 invalid_client without a known and enabled key, and nothing is revoked: %o',
    async (headers) => {
      const token = await mintBridgeToken(server)
      const response = await server.post(paths.revoke, `token=${token}`, { ...form, ...headers })
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
      await refused(response, 401, 'invalid_client')
      expect(await introspect(server, token)).toMatchObject({ active: true })
    },
  )

  test('403 if the key lacks the scope, and nothing is revoked', async () => {
    const token = await mintBridgeToken(server)
    const response = await server.postForm(paths.revoke, { token }, bearer(acme.keyWithoutScopes))
    await refused(response, 403, 'insufficient_scope')
    expect(await introspect(server, token)).toMatchObject({ active: true })
  })

  test('404, 405, 413 and 415 in the shape of the RFC', async () => {
    const foreign = { 'Straddle-Account-Id': rival.account }
    await refused(await server.postForm(paths.revoke, { token: 'x' }, foreign), 404, 'invalid_request')
    await refused(await server.get(paths.revoke, bearer(acme.key)), 405, 'invalid_request')
    await refused(await revoke(server, 'x'.repeat(65_536)), 413, 'invalid_request')
    await refused(await server.postAsAcme(paths.revoke, { token: 'x' }), 415, 'invalid_request')
  })
})
