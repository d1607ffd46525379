import type { ClaimsOf } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import {
  bodyOf,
  cardPath,
  introspect,
  mintCardToken,
  mintGuest,
  mintUserToken,
  paths,
  refresh,
  revoke,
} from './support/fixtures/mint.js'
import { fault, throughBoth } from './support/fixtures/sandbox-fault.js'
import { parityFixture } from './support/parity/parity-inputs.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: parityFixture })

const page = { Origin: acme.origin }
const backend = bearer(acme.key)

const pick = ({ rest, trpc }: Awaited<ReturnType<typeof throughBoth>>) => ({
  rest: [rest.status, rest.body, rest.headers.get('x-error-reason')],
  trpc: [trpc.status, trpc.body],
})

const claimsOf = (token: string): ClaimsOf<'bridge'> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

describe('already_used and revoked', () => {
  test('tokens.redeem refuses as for a used or revoked token, and leaves it unchanged', async () => {
    const spent = await mintCardToken(server)
    await server.postAsAcme(paths.redeem, { widget_token: spent, widget_type: 'REVEAL' })
    const ended = await mintCardToken(server)
    await revoke(server, ended)
    const live = await mintCardToken(server)
    const redeem = async (widget_token: string, more: object = {}) =>
      pick(
        await throughBoth(
          server,
          { path: paths.redeem, procedure: 'tokens.redeem' },
          { widget_token, widget_type: 'REVEAL' },
          { ...backend, ...more },
        ),
      )
    expect(await redeem(live, fault('already_used'))).toEqual(await redeem(spent))
    expect(await redeem(live, fault('revoked'))).toEqual(await redeem(ended))
    expect((await server.postAsAcme(paths.redeem, { widget_token: live, widget_type: 'REVEAL' })).status).toBe(200)
  })

  test('visitor.exchange refuses as for a used or revoked token, and leaves it unchanged', async () => {
    const spent = await mintUserToken(server)
    await server.postFromShop(paths.exchange, { token: spent })
    const live = await mintUserToken(server)
    const exchange = async (token: string, more: object = {}) =>
      pick(
        await throughBoth(
          server,
          { path: paths.exchange, procedure: 'visitor.exchange' },
          { token },
          { ...page, ...more },
        ),
      )
    const real = await exchange(spent)
    expect(await exchange(live, fault('already_used'))).toEqual(real)
    expect(await exchange(live, fault('revoked'))).toEqual(real)
    expect((await server.postFromShop(paths.exchange, { token: live })).status).toBe(200)
  })

  test('visitor.refresh refuses as for a used or revoked token, and the session continues', async () => {
    const first = await mintGuest(server)
    await refresh(server, first.refresh_token)
    server.clock.advance(11_000)
    const session = await mintGuest(server)
    const ask = async (refresh_token: string, more: object = {}) =>
      pick(
        await throughBoth(
          server,
          { path: paths.refresh, procedure: 'visitor.refresh' },
          { refresh_token },
          { ...page, ...more },
        ),
      )
    expect(await ask(session.refresh_token, fault('already_used'))).toEqual(await ask(first.refresh_token))
    const revoked = await ask(session.refresh_token, fault('revoked'))
    expect(revoked.rest).toEqual([400, 'Missing or expired refresh_token', 'invalid_token'])
    expect(revoked.trpc[0]).toBe(400)
    expect((await refresh(server, session.refresh_token)).status).toBe(200)
  })
})

describe('expire_in', () => {
  const minted: [string, () => Promise<string>][] = [
    [
      'bridge.initialize',
      async () => {
        const response = await server.postAsAcme(paths.bridge, { customer_id: acme.customer }, fault('expire_in=5'))
        return (await bodyOf<{ data: { bridge_token: string } }>(response)).data.bridge_token
      },
    ],
    [
      'visitor.guest',
      async () => tokenOf(await server.postFromShop(paths.guest, { client_key: acme.clientKey }, fault('expire_in=5'))),
    ],
    [
      'visitor.userToken',
      async () =>
        tokenOf(
          await server.postAsAcme(paths.userToken, { client_key: acme.clientKey, user_id: 'u' }, fault('expire_in=5')),
        ),
    ],
    [
      'visitor.exchange',
      async () =>
        tokenOf(
          await server.postFromShop(paths.exchange, { token: await mintUserToken(server) }, fault('expire_in=5')),
        ),
    ],
    [
      'visitor.refresh',
      async () =>
        tokenOf(
          await server.postFromShop(
            paths.refresh,
            { refresh_token: (await mintGuest(server)).refresh_token },
            fault('expire_in=5'),
          ),
        ),
    ],
    [
      'visitor.embedTicket',
      async () => {
        const response = await server.postFromShop(
          paths.embedTicket,
          { client_key: acme.clientKey },
          fault('expire_in=5'),
        )
        return (await bodyOf<{ ticket: string }>(response)).ticket
      },
    ],
  ]

  test.each(minted)('%s: the signed token contains its expiry, and expires then', async (_, mint) => {
    const token = await mint()
    const { iat, exp } = claimsOf(token)
    expect(exp - iat).toBe(5)
    expect(await introspect(server, token)).toMatchObject({ active: true, exp })
    server.clock.advance(5_000)
    expect(await introspect(server, token)).toEqual({ active: false })
  })

  test('card.widgetToken: the token expires then', async () => {
    const response = await server.get(cardPath(acme.activeCard, 'REVEAL'), { ...backend, ...fault('expire_in=5') })
    const { widget_token } = await bodyOf<{ widget_token: string }>(response)
    server.clock.advance(5_000)
    const refused = await server.postAsAcme(paths.redeem, { widget_token, widget_type: 'REVEAL' })
    expect(await refused.json()).toMatchObject({ code: 'TOKEN_EXPIRED', status: 422 })
  })

  test('never makes a token live longer than its kind', async () => {
    const response = await server.postFromShop(
      paths.embedTicket,
      { client_key: acme.clientKey },
      fault('expire_in=14400'),
    )
    expect(await response.json()).toMatchObject({ expires_in: 60 })
  })

  test('works over /trpc too', async () => {
    const response = await server.trpc(
      'bridge.initialize',
      { customer_id: acme.customer },
      { ...backend, ...fault('expire_in=7') },
    )
    const { result } = await bodyOf<{ result: { data: { bridge_token: string } } }>(response)
    const { iat, exp } = claimsOf(result.data.bridge_token)
    expect(exp - iat).toBe(7)
  })
})

const tokenOf = async (response: Response) => (await bodyOf<{ token: string }>(response)).token
