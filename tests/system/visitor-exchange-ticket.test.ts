import type { WidgetSession } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { allowlistOfAcme } from './support/fixtures/allowlist.js'
import { acme } from './support/fixtures/fixture.js'
import { bodyOf, introspect, mintEmbedTicket, mintUserToken, paths } from './support/fixtures/mint.js'
import { expectText } from './support/http/expect-text.js'
import { withServer } from './support/servers/with-server.js'

const refused = 'Origin not in allowlist for this client_key'
const widgetOrigin = 'http://widgets.test'

const server = withServer({ config: { widgetOrigins: [widgetOrigin] } })

describe('POST /api/v1/widget/auth/exchange from one of the server’s widget origins', () => {
  const widgetGuest = async () =>
    bodyOf<WidgetSession>(
      await server.post(
        paths.guest,
        { client_key: acme.clientKey, embed_ticket: await mintEmbedTicket(server) },
        { Origin: widgetOrigin },
      ),
    )
  const promote = async (guest: WidgetSession, origin: string = widgetOrigin) =>
    server.post(
      paths.exchange,
      { token: await mintUserToken(server), session_token: guest.token },
      origin === '' ? {} : { Origin: origin },
    )
  const originOf = ({ token }: WidgetSession) => decodeJwt(token).origin

  test('200 keeps the origin of the guest session, across refreshes before and after', async () => {
    const guest = await widgetGuest()
    const headers = { Origin: widgetOrigin }
    const { refresh_token } = guest
    const next = await bodyOf<WidgetSession>(await server.post(paths.refresh, { refresh_token }, headers))
    const user = await bodyOf<WidgetSession>(await promote(next))
    expect([originOf(user), user.visitor_id]).toEqual([acme.origin, guest.visitor_id])
    expect(await introspect(server, user.token)).toMatchObject({ active: true, origin: acme.origin })
    const later = { refresh_token: user.refresh_token }
    expect(originOf(await bodyOf<WidgetSession>(await server.post(paths.refresh, later, headers)))).toBe(acme.origin)
  })

  const exchange = async (more: object = {}, headers: HeadersInit = { Origin: widgetOrigin }) =>
    server.post(paths.exchange, { token: await mintUserToken(server), ...more }, headers)

  test("200 with a ticket: the session has its origin; without one, the widget's own", async () => {
    const user = await bodyOf<WidgetSession>(await exchange({ embed_ticket: await mintEmbedTicket(server) }))
    expect([originOf(user), user.auth_mode]).toEqual([acme.origin, 'user'])
    const next = { refresh_token: user.refresh_token }
    const headers = { Origin: widgetOrigin }
    expect(originOf(await bodyOf<WidgetSession>(await server.post(paths.refresh, next, headers)))).toBe(acme.origin)
    expect(originOf(await bodyOf<WidgetSession>(await exchange()))).toBe(widgetOrigin)
  })

  test('a ticket takes precedence over the guest session, whose origin may no longer be allowed', async () => {
    const guest = await widgetGuest()
    const { origin_allowlist, allow } = await allowlistOfAcme(server)
    await allow(['https://eu.shop.example'])
    const fromEu = { Origin: 'https://eu.shop.example' }
    const { ticket: embed_ticket } = await bodyOf<{ ticket: string }>(
      await server.post(paths.embedTicket, { client_key: acme.clientKey }, fromEu),
    )
    const user = await bodyOf<WidgetSession>(await exchange({ session_token: guest.token, embed_ticket }))
    expect([originOf(user), user.visitor_id]).toEqual(['https://eu.shop.example', guest.visitor_id])
    await allow(origin_allowlist)
  })

  test('403 for a spent, invalid or foreign ticket, and the visitor token is not spent', async () => {
    const spent = await mintEmbedTicket(server)
    expect((await exchange({ embed_ticket: spent })).status).toBe(200)
    const foreign = await bodyOf<{ ticket: string }>(
      await server.postFromShop(paths.embedTicket, { client_key: acme.userOnly }),
    )
    const token = await mintUserToken(server)
    for (const embed_ticket of [spent, foreign.ticket, 'x', token]) {
      await expectText(await exchange({ token, embed_ticket }), 403, refused)
    }
    expect((await exchange({ token })).status).toBe(200)
  })

  test('a ticket is not spent by a refused exchange or by another page', async () => {
    const embed_ticket = await mintEmbedTicket(server)
    await expectText(await exchange({ token: 'x', embed_ticket }), 400, /./)
    await expectText(await exchange({ session_token: 'x', embed_ticket }), 400, /./)
    const other = 'https://eu.shop.example'
    expect(originOf(await bodyOf<WidgetSession>(await exchange({ embed_ticket }, { Origin: other })))).toBe(other)
    expect((await exchange({ embed_ticket })).status).toBe(200)
  })

  test('10 concurrent exchanges with one ticket: exactly one 200; other tokens stay valid', async () => {
    const embed_ticket = await mintEmbedTicket(server)
    const tokens = await Promise.all(Array.from({ length: 10 }, () => mintUserToken(server)))
    const statuses = await Promise.all(tokens.map(async (token) => (await exchange({ token, embed_ticket })).status))
    expect(statuses.toSorted()).toEqual([200, ...Array(9).fill(403)])
    for (const [index, token] of tokens.entries()) {
      expect((await exchange({ token })).status).toBe(statuses[index] === 200 ? 400 : 200)
    }
  })

  test('any other page gets its own origin, whatever the guest session contains', async () => {
    const other = 'https://eu.shop.example'
    expect(originOf(await bodyOf<WidgetSession>(await promote(await widgetGuest(), other)))).toBe(other)
    expect(originOf(await bodyOf<WidgetSession>(await promote(await widgetGuest(), '')))).toBeUndefined()
  })

  test('403 if the origin of the guest session is no longer allowed, and nothing is spent', async () => {
    const guest = await widgetGuest()
    const { origin_allowlist, allow } = await allowlistOfAcme(server)
    await allow(['https://eu.shop.example'])
    await expectText(await promote(guest), 403, refused)
    await allow(origin_allowlist)
    expect((await promote(guest)).status).toBe(200)
  })
})
