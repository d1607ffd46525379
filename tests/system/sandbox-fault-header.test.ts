import {
  describeSandboxFaults,
  Fixture,
  type Operation,
  sandboxFaultsOf,
  type WidgetSession,
} from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { acme, live } from './support/fixtures/fixture.js'
import { bodyOf, introspect, paths, refresh } from './support/fixtures/mint.js'
import { fault, throughBoth } from './support/fixtures/sandbox-fault.js'
import { endpoints, named, requestToChange, validRequest } from './support/http/endpoints.js'
import { sendRaw } from './support/http/raw-http.js'
import { parityFixture } from './support/parity/parity-inputs.js'
import { bearer, startServer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'
import { expectBelow } from './support/time/slowness.js'

const server = withServer({ fixture: parityFixture })

const page = { Origin: acme.origin }

describe('faults that every operation supports', () => {
  test.each(named(endpoints))('%s: rate_limited and unavailable, in its own dialect', async (_, operation) => {
    const valid = await validRequest(server, operation)
    const ask = (value: string) =>
      sendRaw(server.url, { ...valid, headers: [...valid.headers, ['Hallpass-Sandbox-Fault', value]] })
    const limited = await ask('rate_limited')
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '1'])
    const away = await ask('unavailable')
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '1'])
    // the same request without a fault
    expect((await sendRaw(server.url, valid)).status).toBe(200)
  })

  test('rate_limited shows in the quota headers, also over /trpc', async () => {
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

  test.each(['/rest', '/trpc'])('slow gives the normal response, but later: %s', async (transport) => {
    const begun = performance.now()
    const input = { client_key: acme.clientKey }
    const headers = { ...page, ...fault('slow=60') }
    const response = await (transport === '/trpc'
      ? server.trpc('visitor.guest', input, headers)
      : server.post(paths.guest, input, headers))
    expect(response.status).toBe(200)
    expect(performance.now() - begun).toBeGreaterThanOrEqual(55)
  })

  test('slow does not delay the stop of a server: the response comes then', async () => {
    const other = await startServer()
    const answer = other.post(paths.guest, { client_key: acme.clientKey }, { ...page, ...fault('slow=10000') })
    // received only after the slow request was accepted, on the same event loop
    await other.get('/health/live')
    await other.post(paths.guest, { client_key: acme.clientKey }, page)
    const begun = performance.now()
    await other.stop()
    expect((await answer).status).toBe(200)
    expectBelow(performance.now() - begun, 9_000)
  })
})

describe('the header', () => {
  test.each(named(endpoints))('%s accepts the faults that it supports, and no others', async (_, operation) => {
    const valid = await requestToChange(server, operation)
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

  test('400 if it is sent twice', async () => {
    const valid = await validRequest(server, endpointOf('bridge.initialize'))
    const twice = [
      ['Hallpass-Sandbox-Fault', 'revoked'],
      ['Hallpass-Sandbox-Fault', 'revoked'],
    ] as const
    expect((await sendRaw(server.url, { ...valid, headers: [...valid.headers, ...twice] })).status).toBe(400)
  })

  test('400 with an explanation for a production account, and no fault is injected', async () => {
    const input = { customer_id: live.customer }
    const { rest, trpc } = await throughBoth(server, { path: paths.bridge, procedure: 'bridge.initialize' }, input, {
      ...bearer(live.key),
      ...fault('unavailable'),
    })
    for (const { status, body } of [rest, trpc]) {
      expect(status).toBe(400)
      expect(body).toContain('The Hallpass-Sandbox-Fault header works for sandbox accounts only.')
    }
  })

  test('reveals nothing to unauthorized callers: 401 and 403 come first', async () => {
    expect((await server.post(paths.bridge, {}, { ...bearer('sk_test_none'), ...fault('slow=10000') })).status).toBe(
      401,
    )
    const fromAttacker = await server.post(
      paths.guest,
      { client_key: acme.clientKey },
      { Origin: 'https://attacker.test', ...fault('unavailable') },
    )
    expect(fromAttacker.status).toBe(403)
    const few = await server.post(
      paths.bridge,
      { customer_id: acme.customer },
      { ...bearer(acme.keyWithoutScopes), ...fault('unavailable') },
    )
    expect(few.status).toBe(403)
  })

  test('a fault does not use up an idempotency key', async () => {
    const key = { 'Idempotency-Key': 'a-key-of-its-own' }
    const body = { customer_id: acme.customer }
    expect((await server.postAsAcme(paths.bridge, body, { ...key, ...fault('unavailable') })).status).toBe(503)
    const after = await server.postAsAcme(paths.bridge, body, key)
    expect([after.status, after.headers.get('idempotent-replayed')]).toEqual([200, null])
  })

  test('pages may send it: preflights allow it', async () => {
    const response = await fetch(server.url + paths.guest, { method: 'OPTIONS', headers: page })
    expect(response.headers.get('access-control-allow-headers')).toContain('Hallpass-Sandbox-Fault')
  })

  test('a session minted with a fault is a normal session', async () => {
    const guest = await server.postFromShop(paths.guest, { client_key: acme.clientKey }, fault('slow=1'))
    const { token, refresh_token } = await bodyOf<WidgetSession>(guest)
    expect(await introspect(server, token)).toMatchObject({ active: true })
    expect((await refresh(server, refresh_token)).status).toBe(200)
  })
})

test('the OpenAPI document shows its forms', async () => {
  const document = await (await server.get('/openapi.json')).json()
  const { parameters } = document.paths['/v1/bridge/initialize'].post
  const header = parameters.find(({ name }: { name: string }) => name === 'Hallpass-Sandbox-Fault')
  expect(header.description).toContain(describeSandboxFaults(endpointOf('bridge.initialize')))
})

function endpointOf(id: string): Operation {
  const found = endpoints.find((operation) => operation.id === id)
  if (!found) throw new Error(`the operation ${id} does not exist`)
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
