import { type ClaimsOf, describeSandboxFaults, Fixture, type Operation, sandboxFaultsOf } from '@hallpass/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { doors, named, validRequest } from './support/doors.js'
import { acme, live } from './support/fixture.js'
import {
  bodyOf,
  cardPath,
  introspect,
  mintCardToken,
  mintEmbedTicket,
  mintGuest,
  mintUserSession,
  mintUserToken,
  paths,
  refresh,
  revoke,
} from './support/mint.js'
import { parityFixture } from './support/parity-inputs.js'
import { sendRaw } from './support/raw-http.js'
import { bearer, startServer, type TestServer } from './support/start-server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ fixture: parityFixture })
})
afterAll(() => server.stop())

const fault = (value: string) => ({ 'Hallpass-Sandbox-Fault': value })
const page = { Origin: acme.origin }
const backend = bearer(acme.key)

/** One operation through both doors: the status, and what is said without what differs from request to request. */
async function throughBoth(path: string, procedure: string, input: object, headers: Record<string, string>) {
  const rest = await server.post(path, input, headers)
  const trpc = await server.trpc(procedure, input, headers)
  const said = (text: string) => text.replace(/"(request_id|api_request_id|api_request_timestamp)":"[^"]*"/g, '')
  return {
    rest: { status: rest.status, body: said(await rest.text()), headers: rest.headers },
    trpc: { status: trpc.status, body: said(await trpc.text()), headers: trpc.headers },
  }
}

const pick = ({ rest, trpc }: Awaited<ReturnType<typeof throughBoth>>) => ({
  rest: [rest.status, rest.body, rest.headers.get('x-error-reason')],
  trpc: [trpc.status, trpc.body],
})

const claimsOf = (token: string): ClaimsOf<'bridge'> =>
  JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())

describe('already_used and revoked', () => {
  test('tokens.redeem refuses as for a token that was, and leaves it as it is', async () => {
    const spent = await mintCardToken(server)
    await server.postAsAcme(paths.redeem, { widget_token: spent, widget_type: 'REVEAL' })
    const ended = await mintCardToken(server)
    await revoke(server, ended)
    const live = await mintCardToken(server)
    const redeem = async (widget_token: string, more: object = {}) =>
      pick(
        await throughBoth(
          paths.redeem,
          'tokens.redeem',
          { widget_token, widget_type: 'REVEAL' },
          { ...backend, ...more },
        ),
      )
    expect(await redeem(live, fault('already_used'))).toEqual(await redeem(spent))
    expect(await redeem(live, fault('revoked'))).toEqual(await redeem(ended))
    expect((await server.postAsAcme(paths.redeem, { widget_token: live, widget_type: 'REVEAL' })).status).toBe(200)
  })

  test('visitor.exchange refuses as for a token that was, and leaves it as it is', async () => {
    const spent = await mintUserToken(server)
    await server.postFromShop(paths.exchange, { token: spent })
    const live = await mintUserToken(server)
    const exchange = async (token: string, more: object = {}) =>
      pick(await throughBoth(paths.exchange, 'visitor.exchange', { token }, { ...page, ...more }))
    const real = await exchange(spent)
    expect(await exchange(live, fault('already_used'))).toEqual(real)
    expect(await exchange(live, fault('revoked'))).toEqual(real)
    expect((await server.postFromShop(paths.exchange, { token: live })).status).toBe(200)
  })

  test('visitor.refresh refuses as for a token that was, and the session goes on', async () => {
    const first = await mintGuest(server)
    await refresh(server, first.refresh_token)
    server.clock.advance(11_000)
    const session = await mintGuest(server)
    const ask = async (refresh_token: string, more: object = {}) =>
      pick(await throughBoth(paths.refresh, 'visitor.refresh', { refresh_token }, { ...page, ...more }))
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

  test.each(minted)('%s: the token is signed, says when it ends, and ends then', async (_, mint) => {
    const token = await mint()
    const { iat, exp } = claimsOf(token)
    expect(exp - iat).toBe(5)
    expect(await introspect(server, token)).toMatchObject({ active: true, exp })
    server.clock.advance(5_000)
    expect(await introspect(server, token)).toEqual({ active: false })
  })

  test('card.widgetToken: the token has expired after that', async () => {
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

  test('over /trpc too', async () => {
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

describe('faults that every operation knows', () => {
  test.each(named(doors))('%s: rate_limited and unavailable, in its own dialect', async (_, operation) => {
    const valid = await validRequest(server, operation)
    const ask = (value: string) =>
      sendRaw(server.url, { ...valid, headers: [...valid.headers, ['Hallpass-Sandbox-Fault', value]] })
    const limited = await ask('rate_limited')
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '1'])
    const away = await ask('unavailable')
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '1'])
    // the same request, unharmed
    expect((await sendRaw(server.url, valid)).status).toBe(200)
  })

  test('rate_limited shows in the quota, as over /trpc', async () => {
    const limited = await startServer({ fixture: withLimits() })
    const headers = { ...page, ...fault('rate_limited') }
    const rest = await limited.post(paths.guest, { client_key: 'pk_test_some' }, headers)
    const trpc = await limited.trpc('visitor.guest', { client_key: 'pk_test_some' }, headers)
    for (const answer of [rest, trpc]) {
      expect(answer.status).toBe(429)
      expect(answer.headers.get('ratelimit')).toBe('"default";r=0;t=1')
      expect(answer.headers.get('access-control-allow-origin')).toBe(acme.origin)
    }
    await limited.stop()
  })

  test.each(['/rest', '/trpc'])('slow answers as always, only later: %s', async (door) => {
    const begun = performance.now()
    const input = { client_key: acme.clientKey }
    const headers = { ...page, ...fault('slow=60') }
    const response = await (door === '/trpc'
      ? server.trpc('visitor.guest', input, headers)
      : server.post(paths.guest, input, headers))
    expect(response.status).toBe(200)
    expect(performance.now() - begun).toBeGreaterThanOrEqual(55)
  })

  test('slow does not hold up a server that stops: the answer comes then', async () => {
    const other = await startServer()
    const answer = other.post(paths.guest, { client_key: acme.clientKey }, { ...page, ...fault('slow=10000') })
    // answered only after the slow one has been accepted, on the same loop
    await other.get('/health/live')
    await other.post(paths.guest, { client_key: acme.clientKey }, page)
    const begun = performance.now()
    await other.stop()
    expect((await answer).status).toBe(200)
    expect(performance.now() - begun).toBeLessThan(9_000)
  })
})

describe('the header', () => {
  test.each(named(doors))('%s takes those faults that it can have, and no others', async (_, operation) => {
    const valid = await validRequest(server, operation)
    const known: readonly string[] = sandboxFaultsOf(operation)
    for (const value of ['already_used', 'revoked', 'expire_in=60', 'expire_in=0', 'slow=10001', 'nonsense', '']) {
      if (known.includes(value.split('=')[0] ?? '') && !['expire_in=0', 'slow=10001'].includes(value)) continue
      const answer = await sendRaw(server.url, {
        ...valid,
        headers: [...valid.headers, ['Hallpass-Sandbox-Fault', value]],
      })
      expect([value, answer.status]).toEqual([value, 400])
      if (operation.dialect !== 'text') expect(answer.body).toContain('Hallpass-Sandbox-Fault header must be one of')
    }
  })

  test('400 when it is sent twice', async () => {
    const valid = await validRequest(server, doorOf('bridge.initialize'))
    const twice = [
      ['Hallpass-Sandbox-Fault', 'revoked'],
      ['Hallpass-Sandbox-Fault', 'revoked'],
    ] as const
    expect((await sendRaw(server.url, { ...valid, headers: [...valid.headers, ...twice] })).status).toBe(400)
  })

  test('400 for a production account, which is told so; nothing is acted out', async () => {
    const input = { customer_id: live.customer }
    const { rest, trpc } = await throughBoth(paths.bridge, 'bridge.initialize', input, {
      ...bearer(live.key),
      ...fault('unavailable'),
    })
    for (const { status, body } of [rest, trpc]) {
      expect(status).toBe(400)
      expect(body).toContain('The Hallpass-Sandbox-Fault header is for sandbox accounts only.')
    }
  })

  test('says nothing to strangers: 401 and 403 come first', async () => {
    expect((await server.post(paths.bridge, {}, { ...bearer('sk_test_none'), ...fault('slow=10000') })).status).toBe(
      401,
    )
    const evil = await server.post(
      paths.guest,
      { client_key: acme.clientKey },
      { Origin: 'https://evil.test', ...fault('unavailable') },
    )
    expect(evil.status).toBe(403)
    const few = await server.post(
      paths.bridge,
      { customer_id: acme.customer },
      { ...bearer(acme.keyWithoutScopes), ...fault('unavailable') },
    )
    expect(few.status).toBe(403)
  })

  test('a fault takes no idempotency key: the same key works afterwards', async () => {
    const key = { 'Idempotency-Key': 'a-key-of-its-own' }
    const body = { customer_id: acme.customer }
    expect((await server.postAsAcme(paths.bridge, body, { ...key, ...fault('unavailable') })).status).toBe(503)
    const after = await server.postAsAcme(paths.bridge, body, key)
    expect([after.status, after.headers.get('idempotent-replayed')]).toEqual([200, null])
  })

  test('a page may send it: preflights allow it', async () => {
    const response = await fetch(server.url + paths.guest, { method: 'OPTIONS', headers: page })
    expect(response.headers.get('access-control-allow-headers')).toContain('Hallpass-Sandbox-Fault')
  })

  test('a session that was minted with a fault is a session like any other', async () => {
    const { token } = await mintUserSession(server)
    expect(await introspect(server, token)).toMatchObject({ active: true })
    expect(await introspect(server, await mintEmbedTicket(server))).toMatchObject({ active: true })
  })
})

test('its forms are told in the OpenAPI document', async () => {
  const document = await (await server.get('/openapi.json')).json()
  const { parameters } = document.paths['/v1/bridge/initialize'].post
  const header = parameters.find(({ name }: { name: string }) => name === 'Hallpass-Sandbox-Fault')
  expect(header.description).toContain(describeSandboxFaults(doorOf('bridge.initialize')))
})

const tokenOf = async (response: Response) => (await bodyOf<{ token: string }>(response)).token

function doorOf(id: string): Operation {
  const found = doors.find((operation) => operation.id === id)
  if (!found) throw new Error(`there is no operation ${id}`)
  return found
}

function withLimits() {
  const client_keys = [
    {
      client_key: 'pk_test_some',
      origin_allowlist: [acme.origin],
      agent: { id: 'agent_1', display_name: 'Ada' },
      rate_limit: { guest_per_minute: 100 },
    },
  ]
  return Fixture.parse({
    accounts: [{ id: acme.account, tenant: '2_3', environment: 'sandbox', client_keys }],
  })
}
