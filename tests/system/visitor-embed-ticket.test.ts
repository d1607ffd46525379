import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { allowlistOfAcme } from './support/fixtures/allowlist.js'
import { acme } from './support/fixtures/fixture.js'
import {
  bodyOf,
  introspect,
  mintBridgeToken,
  mintEmbedTicket,
  mintGuest,
  mintUserToken,
  paths,
  refresh,
  revoke,
} from './support/fixtures/mint.js'
import { expectText, visible } from './support/http/expect-text.js'
import { sendRepeated } from './support/http/send-raw.js'
import { withServer } from './support/servers/with-server.js'

const refused = 'Origin not in allowlist for this client_key'
const widgetOrigin = 'http://widgets.test'

const server = withServer({ config: { widgetOrigins: [widgetOrigin] } })

const ticket = (body: unknown = { client_key: acme.clientKey }, headers?: HeadersInit) =>
  server.postFromShop(paths.embedTicket, body, headers)
const guestFromWidget = (more: object = {}) =>
  server.post(paths.guest, { client_key: acme.clientKey, ...more }, { Origin: widgetOrigin })

describe('POST /api/v1/widget/auth/embed-ticket', () => {
  test('200 with a ticket for a minute that contains exactly the documented claims', async () => {
    const response = await ticket()
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(response.headers.get('vary')).toContain('Origin')
    const now = Math.floor(server.clock.now() / 1000)
    const body = await bodyOf<{ ticket: string; expires_in: number }>(response)
    expect(body).toEqual({ ticket: expect.any(String), expires_in: 60 })
    const { client_key_id } = decodeJwt((await mintGuest(server)).token)
    expect(decodeProtectedHeader(body.ticket)).toEqual({
      alg: 'ES256',
      kid: expect.any(String),
      typ: 'embed-ticket+jwt',
    })
    expect(decodeJwt(body.ticket)).toEqual({
      iss: server.url,
      aud: 'embed-ticket',
      sub: client_key_id,
      account_id: acme.account,
      origin: acme.origin,
      iat: now,
      exp: now + 60,
      jti: expect.any(String),
    })
  })

  test('works the same over tRPC', async () => {
    const response = await server.trpc('visitor.embedTicket', { client_key: acme.clientKey }, { Origin: acme.origin })
    expect(await bodyOf(response)).toEqual({ result: { data: { ticket: expect.any(String), expires_in: 60 } } })
  })

  test.each(['{}', '{"client_key":""}', '{"client_key":7}', '{"client_key":', '', '[]', 'null'])(
    '400 if the client_key is missing or the body is not an object: %s',
    async (body) => {
      await expectText(await ticket(body), 400, 'Missing client_key')
    },
  )

  test('403 with the same bytes for another origin and an unknown or disabled client key', async () => {
    const headers = { Origin: 'https://attacker.test' }
    const expected = await visible(await ticket(undefined, headers))
    expect(expected).toMatchObject({ status: 403, body: refused })
    for (const client_key of ['pk_test_unknown', acme.disabledClientKey]) {
      expect(await visible(await ticket({ client_key }, headers))).toEqual(expected)
      await expectText(await ticket({ client_key }), 403, refused)
    }
  })

  test('403 without an Origin, with null, and with two', async () => {
    await expectText(await server.post(paths.embedTicket, { client_key: acme.clientKey }), 403, refused)
    await expectText(await ticket(undefined, { Origin: 'null' }), 403, refused)
    const origins = [acme.origin, 'https://eu.shop.example']
    const body = { client_key: acme.clientKey }
    expect(await sendRepeated(server.url + paths.embedTicket, 'Origin', origins, body)).toMatchObject({ status: 403 })
  })

  test("403 for the widget's own origin, which is not a host page", async () => {
    await expectText(await ticket(undefined, { Origin: widgetOrigin }), 403, refused)
  })

  test('403 if the widget is disabled', async () => {
    await expectText(await ticket({ client_key: acme.off }), 403, /./)
  })

  test('405, 413, 415 and 422 as text', async () => {
    await expectText(await server.get(paths.embedTicket), 405, /./)
    await expectText(await ticket('{}'.padEnd(65_537)), 413, /./)
    await expectText(await ticket(undefined, { 'Content-Type': 'text/plain' }), 415, /./)
    await expectText(await ticket({ client_key: acme.clientKey, colour: 'blue' }), 422, /^Invalid colour: ./)
  })
})

describe('POST /api/v1/widget/auth/guest from one of the server’s widget origins', () => {
  test("200 with a ticket, and the session has the ticket's origin", async () => {
    const embed_ticket = await mintEmbedTicket(server)
    const { token } = await bodyOf<{ token: string }>(await guestFromWidget({ embed_ticket }))
    expect(decodeJwt(token)).toMatchObject({ origin: acme.origin, auth_mode: 'guest' })
  })

  test('403 without a ticket, and with an invalid one', async () => {
    await expectText(await guestFromWidget(), 403, refused)
    for (const embed_ticket of ['x', await mintBridgeToken(server), await mintUserToken(server)]) {
      await expectText(await guestFromWidget({ embed_ticket }), 403, refused)
    }
    const session = await mintGuest(server)
    await expectText(await guestFromWidget({ embed_ticket: session.token }), 403, refused)
  })

  test('a ticket begins one session: 403 the second time', async () => {
    const embed_ticket = await mintEmbedTicket(server)
    expect((await guestFromWidget({ embed_ticket })).status).toBe(200)
    await expectText(await guestFromWidget({ embed_ticket }), 403, refused)
    expect(await introspect(server, embed_ticket)).toEqual({ active: false })
  })

  test('20 concurrent calls with one ticket: exactly one 200', async () => {
    const embed_ticket = await mintEmbedTicket(server)
    const responses = await Promise.all(Array.from({ length: 20 }, () => guestFromWidget({ embed_ticket })))
    expect(responses.map(({ status }) => status).sort()).toEqual([200, ...Array(19).fill(403)])
  })

  test("403 for another client key's ticket, which is not spent", async () => {
    const embed_ticket = await mintEmbedTicket(server)
    await expectText(await guestFromWidget({ client_key: acme.guestOnly, embed_ticket }), 403, refused)
    expect((await guestFromWidget({ embed_ticket })).status).toBe(200)
  })

  test('403 for a revoked ticket', async () => {
    const embed_ticket = await mintEmbedTicket(server)
    expect((await revoke(server, embed_ticket)).status).toBe(200)
    await expectText(await guestFromWidget({ embed_ticket }), 403, refused)
  })

  test("403 if the ticket's origin is no longer in the allowlist; the ticket is not spent", async () => {
    const embed_ticket = await mintEmbedTicket(server)
    const { origin_allowlist, allow } = await allowlistOfAcme(server)
    await allow(['https://eu.shop.example'])
    await expectText(await guestFromWidget({ embed_ticket }), 403, refused)
    await allow(origin_allowlist)
    expect((await guestFromWidget({ embed_ticket })).status).toBe(200)
  })

  test.each(['account', 'client key'])(
    '403 for a ticket from before a cutoff of its %s, 200 for a later one',
    async (scope) => {
      const { id } = await allowlistOfAcme(server)
      const before = await mintEmbedTicket(server)
      await endSessions(scope === 'account' ? { account: true } : { client_key_id: id })
      server.clock.advance(1)
      await expectText(await guestFromWidget({ embed_ticket: before }), 403, refused)
      const after = await mintEmbedTicket(server)
      expect((await guestFromWidget({ embed_ticket: after })).status).toBe(200)
    },
  )

  test('a ticket lives a minute: 200 a second before its exp, 403 at its exp', async () => {
    const [early, late] = [await mintEmbedTicket(server), await mintEmbedTicket(server)]
    server.clock.advance((decodeJwt(early).exp ?? 0) * 1000 - 1000 - server.clock.now())
    expect((await guestFromWidget({ embed_ticket: early })).status).toBe(200)
    server.clock.advance(1000)
    await expectText(await guestFromWidget({ embed_ticket: late }), 403, refused)
  })

  test('422 for an invalid body, and the ticket is not spent', async () => {
    const embed_ticket = await mintEmbedTicket(server)
    await expectText(await guestFromWidget({ embed_ticket, colour: 'blue' }), 422, /^Invalid colour: ./)
    await expectText(await guestFromWidget({ embed_ticket, agent_id: 'agent_2' }), 422, /^Invalid agent_id: ./)
    expect((await guestFromWidget({ embed_ticket })).status).toBe(200)
  })

  test('the widget can read the config, refresh and exchange without a ticket', async () => {
    const headers = { Origin: widgetOrigin }
    expect((await server.get(`${paths.config}?client_key=${acme.clientKey}`, headers)).status).toBe(200)
    const session = await bodyOf<{ token: string; refresh_token: string }>(
      await guestFromWidget({ embed_ticket: await mintEmbedTicket(server) }),
    )
    const next = await bodyOf<{ token: string; refresh_token: string }>(
      await server.post(paths.refresh, { refresh_token: session.refresh_token }, headers),
    )
    expect(decodeJwt(next.token)).toMatchObject({ origin: acme.origin })
    const token = await mintUserToken(server)
    expect((await server.post(paths.exchange, { token }, headers)).status).toBe(200)
    expect((await refresh(server, next.refresh_token)).status).toBe(200)
  })

  test('an unknown client key is refused as usual, with or without a ticket', async () => {
    const embed_ticket = await mintEmbedTicket(server)
    const expected = await visible(await guestFromWidget())
    expect(expected).toMatchObject({ status: 403, body: refused })
    for (const more of [{}, { embed_ticket }]) {
      expect(await visible(await guestFromWidget({ client_key: 'pk_test_unknown', ...more }))).toEqual(expected)
    }
  })
})

const endSessions = async (target: object) => bodyOf(await server.postAsAcme('/v1/admin/sessions/revoke', target))
