import type { WidgetSession } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import {
  bodyOf,
  introspect,
  mintBridgeToken,
  mintCardToken,
  mintGuest,
  mintUserSession,
  mintUserToken,
  paths,
  refresh,
  revoke,
} from './support/fixtures/mint.js'
import { expectText } from './support/http/expect-text.js'
import { sendRaw } from './support/http/send-raw.js'
import { withServer } from './support/servers/with-server.js'

const missing = 'Missing or expired refresh_token'
const hour = 3_600_000

const server = withServer()

const rotate = async (token: string) => bodyOf<WidgetSession>(await refresh(server, token))
const refuse = async (token: string) => expectText(await refresh(server, token), 400, missing)

/** The identity claims of a session token: all claims except those of the single token. */
function identity(token: string): object {
  const { iat, exp, jti, ...rest } = decodeJwt(token)
  expect([iat, exp, jti]).not.toContain(undefined)
  return rest
}

describe('POST /api/v1/widget/auth/refresh', () => {
  test('200 with the same session and a new pair of tokens', async () => {
    const guest = await mintGuest(server)
    server.clock.advance(600_000)
    const response = await refresh(server, guest.refresh_token)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('vary')).toContain('Origin')
    const now = Math.floor(server.clock.now() / 1000)
    const body = await bodyOf<WidgetSession>(response)
    expect(body).toEqual({
      ...guest,
      token: expect.any(String),
      expires_at: expect.any(String),
      refresh_token: expect.any(String),
    })
    expect(body.refresh_token).not.toBe(guest.refresh_token)
    expect(Date.parse(body.expires_at)).toBe((now + 900) * 1000)
    expect(decodeJwt(body.token)).toMatchObject({ iat: now, exp: now + 900 })
  })

  test('the identity claims stay the same, for a guest and for a user', async () => {
    const user = await mintUserSession(server, { display_name: 'Ada', email: 'a@b.example', traits: { plan: 'pro' } })
    for (const session of [await mintGuest(server), user]) {
      const next = await rotate(session.refresh_token)
      const after = await rotate(next.refresh_token)
      expect(identity(next.token)).toEqual(identity(session.token))
      expect(identity(after.token)).toEqual(identity(session.token))
      expect(decodeJwt(next.token).jti).not.toBe(decodeJwt(session.token).jti)
    }
  })

  test('200 without an Origin, and over tRPC, which rotates the same session', async () => {
    const guest = await mintGuest(server)
    const next = await bodyOf<WidgetSession>(await server.post(paths.refresh, { refresh_token: guest.refresh_token }))
    const input = { refresh_token: guest.refresh_token }
    const { result } = await bodyOf<{ result: { data: WidgetSession } }>(await server.trpc('visitor.refresh', input))
    expect(result.data.refresh_token).toBe(next.refresh_token)
  })

  test('400 with the documented phrase if the refresh_token is missing or the body no object', async () => {
    for (const body of ['{}', '{"refresh_token":""}', '{"refresh_token":7}', '{"refresh_token":', '', '[]', 'null']) {
      await expectText(await server.postFromShop(paths.refresh, body), 400, missing)
    }
  })

  test('400 with the documented phrase for a malformed or changed token or another kind', async () => {
    const guest = await mintGuest(server)
    const flipped = (at: number) => {
      const letter = guest.refresh_token.at(at) === 'A' ? 'B' : 'A'
      return guest.refresh_token.slice(0, at) + letter + guest.refresh_token.slice(at + 1)
    }
    const kinds = [guest.token, await mintUserToken(server), await mintBridgeToken(server), await mintCardToken(server)]
    const spellings = [`${guest.refresh_token}=`, ` ${guest.refresh_token}`, guest.refresh_token.toUpperCase()]
    for (const token of [...kinds, ...spellings, flipped(10), flipped(60), 'x', 'hprt_']) await refuse(token)
    await rotate(guest.refresh_token)
  })

  test('405, 413, 415 and 422 as text, and none of them spends the token', async () => {
    const { refresh_token } = await mintGuest(server)
    await expectText(await server.get(paths.refresh), 405, /./)
    const large = JSON.stringify({ refresh_token }).padEnd(65_537)
    await expectText(await server.postFromShop(paths.refresh, large), 413, /./)
    const form = { 'Content-Type': 'application/x-www-form-urlencoded' }
    await expectText(await server.postFromShop(paths.refresh, `refresh_token=${refresh_token}`, form), 415, /./)
    await expectText(
      await server.postFromShop(paths.refresh, { refresh_token, colour: 'blue' }),
      422,
      /^Invalid colour: ./,
    )
    server.clock.advance(11_000)
    await rotate(refresh_token)
  })

  test('a session token is inactive from its exp on, and the refresh token still works', async () => {
    const guest = await mintGuest(server)
    server.clock.advance((decodeJwt(guest.token).exp ?? 0) * 1000 - server.clock.now())
    expect(await introspect(server, guest.token)).toEqual({ active: false })
    await rotate(guest.refresh_token)
  })

  test('a refresh token lives for 24 h after its last use: 400 after a day without use', async () => {
    const [used, unused] = [await mintGuest(server), await mintGuest(server)]
    server.clock.advance(24 * hour - 1000)
    const next = await rotate(used.refresh_token)
    expect(next.refresh_expires_in).toBe(86_400)
    server.clock.advance(1000)
    await refuse(unused.refresh_token)
    server.clock.advance(24 * hour - 2000)
    const last = await rotate(next.refresh_token)
    server.clock.advance(24 * hour)
    await refuse(last.refresh_token)
  })

  test('a session lives at most 7 days: refresh_expires_in shows it, and then 400', async () => {
    let session = await mintGuest(server)
    for (let hours = 23; hours <= 7 * 24 - 7; hours += 23) {
      server.clock.advance(23 * hour)
      session = await rotate(session.refresh_token)
    }
    expect(session.refresh_expires_in).toBe(7 * 3600)
    server.clock.advance(7 * hour - 1000)
    session = await rotate(session.refresh_token)
    expect(session.refresh_expires_in).toBe(1)
    server.clock.advance(1000)
    await refuse(session.refresh_token)
  })
})

describe('POST /api/v1/widget/auth/refresh with a token that was used before', () => {
  test('200 within 10 s with the same refresh token, for any number of tabs', async () => {
    const guest = await mintGuest(server)
    const { refresh_token } = await rotate(guest.refresh_token)
    for (const wait of [0, 5000, 4999]) {
      server.clock.advance(wait)
      const again = await rotate(guest.refresh_token)
      expect(again.refresh_token).toBe(refresh_token)
      expect(again.session_id).toBe(guest.session_id)
    }
    await rotate(refresh_token)
  })

  test('the 10 s are not extended: 400 after them, and the whole session ends', async () => {
    const guest = await mintGuest(server)
    const next = await rotate(guest.refresh_token)
    server.clock.advance(9000)
    await rotate(guest.refresh_token)
    server.clock.advance(1001)
    await refuse(guest.refresh_token)
    await refuse(next.refresh_token)
    for (const { token, refresh_token } of [guest, next]) {
      expect(await introspect(server, token)).toEqual({ active: false })
      expect(await introspect(server, refresh_token)).toEqual({ active: false })
    }
  })

  test('400 for the token before the predecessor even within 10 s, and the whole session ends', async () => {
    const guest = await mintGuest(server)
    const second = await rotate(guest.refresh_token)
    const third = await rotate(second.refresh_token)
    await refuse(guest.refresh_token)
    await refuse(second.refresh_token)
    await refuse(third.refresh_token)
    expect(await introspect(server, third.token)).toEqual({ active: false })
  })

  test('reuse in one session does not affect another of the same visitor', async () => {
    const [one, two] = [await mintUserSession(server), await mintUserSession(server)]
    expect(two.visitor_id).toBe(one.visitor_id)
    await rotate(one.refresh_token)
    server.clock.advance(10_001)
    await refuse(one.refresh_token)
    await rotate(two.refresh_token)
  })

  test('400 within 10 s too if the session was revoked', async () => {
    const guest = await mintGuest(server)
    const next = await rotate(guest.refresh_token)
    await revoke(server, next.token)
    await refuse(guest.refresh_token)
    await refuse(next.refresh_token)
  })
})

describe('POST /api/v1/widget/auth/refresh from an origin that is not allowed', () => {
  const refused = 'Origin not in allowlist for this client_key'
  const from = (Origin: string, refresh_token: string) =>
    server.postFromShop(paths.refresh, { refresh_token }, { Origin })

  test.each(['https://attacker.test', 'null', 'https://shop.example, https://shop.example'])(
    '403, and nothing is spent: %s',
    async (origin) => {
      const guest = await mintGuest(server)
      await expectText(await from(origin, guest.refresh_token), 403, refused)
      server.clock.advance(10_001)
      await rotate(guest.refresh_token)
    },
  )

  test('403, and nothing is revoked although the token was used before', async () => {
    const guest = await mintGuest(server)
    const next = await rotate(guest.refresh_token)
    server.clock.advance(10_001)
    await expectText(await from('https://attacker.test', guest.refresh_token), 403, refused)
    await rotate(next.refresh_token)
  })

  test('403 with two Origins', async () => {
    const headers: [string, string][] = [
      ['Content-Type', 'application/json'],
      ['Origin', acme.origin],
      ['Origin', acme.origin],
    ]
    const body = JSON.stringify({ refresh_token: (await mintGuest(server)).refresh_token })
    expect(await sendRaw(server.url + paths.refresh, { headers, body })).toMatchObject({ status: 403, body: refused })
  })
})
