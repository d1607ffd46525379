import { describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { paths } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const attacker = 'https://attacker.test'
const notReflected = ['null', '*', 'https://a.example, https://b.example', 'https://a.example/', 'ftp://a.example']

const server = withServer()

const endpoints = [
  ['guest', 'POST', paths.guest],
  ['exchange', 'POST', paths.exchange],
  ['refresh', 'POST', paths.refresh],
  ['embed ticket', 'POST', paths.embedTicket],
  ['config', 'GET', `${paths.config}?client_key=${acme.clientKey}`],
  ['token of a declared kind', 'POST', '/v1/tokens/page'],
] as const

interface Sent {
  readonly origin?: string
  readonly method?: string
  readonly path: string
  readonly body?: string
  readonly headers?: Record<string, string>
}

const send = ({ origin, method = 'POST', path, body, headers }: Sent) =>
  fetch(server.url + path, {
    method,
    headers: { ...(origin === undefined ? {} : { Origin: origin }), ...headers },
    ...(body === undefined ? {} : { body }),
  })

function expectReflected(response: Response, origin: string): void {
  expect(response.headers.get('access-control-allow-origin')).toBe(origin)
  expect(response.headers.get('access-control-allow-credentials')).toBeNull()
  expect(response.headers.get('vary')).toContain('Origin')
}

function expectUnreadable(response: Response): void {
  expect(response.headers.get('access-control-allow-origin')).toBeNull()
  expect(response.headers.get('access-control-allow-credentials')).toBeNull()
  expect(response.headers.get('vary')).toContain('Origin')
}

describe.each(endpoints)('CORS of the %s endpoint', (_, method, path) => {
  const emptyBody = method === 'POST' ? { body: '{}', headers: { 'Content-Type': 'application/json' } } : {}
  const preflight = (origin: string) => {
    const headers = { 'Access-Control-Request-Method': method, 'Access-Control-Request-Headers': 'content-type' }
    return send({ origin, method: 'OPTIONS', path, headers })
  }

  test.each([
    acme.origin,
    attacker,
    'http://localhost:3000',
    'https://xn--bcher-kva.example:8443',
    'tauri://localhost',
  ])('2xx for a preflight from any well-formed origin: %s', async (origin) => {
    const response = await preflight(origin)
    expect([200, 204]).toContain(response.status)
    expectReflected(response, origin)
    expect(response.headers.get('access-control-allow-methods')).toContain(method)
    expect(response.headers.get('access-control-allow-headers')?.toLowerCase()).toContain('content-type')
    expect(await response.text()).toBe('')
  })

  test.each(notReflected)('a preflight from a malformed origin is not reflected: %s', async (origin) => {
    expectUnreadable(await preflight(origin))
  })

  test('a refused page can read the reason', async () => {
    const body = method === 'POST' ? { ...emptyBody, body: JSON.stringify({ client_key: acme.clientKey }) } : {}
    const response = await send({ origin: attacker, method, path, ...body })
    expect([400, 403]).toContain(response.status)
    expectReflected(response, attacker)
    const exposed = (response.headers.get('access-control-expose-headers') ?? '').split(', ')
    expect(exposed).toEqual(expect.arrayContaining(['Retry-After', 'X-Error-Reason', 'RateLimit', 'RateLimit-Policy']))
  })

  test.each(notReflected)('a response to a malformed origin is not reflected: %s', async (origin) => {
    expectUnreadable(await send({ origin, method, path, ...emptyBody }))
  })

  test('a call without an Origin gets only Vary', async () => {
    expectUnreadable(await send({ method, path, ...emptyBody }))
  })

  test('a 405 is reflected like every other response', async () => {
    const response = await send({ origin: attacker, method: 'PUT', path })
    expect(response.status).toBe(405)
    expectReflected(response, attacker)
  })

  if (method === 'GET') return

  test.each<[status: number, headers: Record<string, string>, body: string]>([
    [400, { 'Content-Type': 'application/json' }, '{'],
    [413, { 'Content-Type': 'application/json' }, ' '.repeat(65_537)],
    [415, { 'Content-Type': 'text/plain' }, '{}'],
    [415, { 'Content-Type': 'nonsense' }, '{}'],
    [415, { 'Content-Type': 'application/json', 'Content-Encoding': 'gzip' }, '{}'],
  ])('a %i is reflected like every other response: %o', async (status, headers, body) => {
    const response = await send({ origin: attacker, path, headers, body })
    expect(response.status).toBe(status)
    expectReflected(response, attacker)
  })
})

describe('CORS of calls that tRPC refuses before any operation', () => {
  const json = { 'Content-Type': 'application/json' }
  const refusals: [number, Omit<Sent, 'path'>][] = [
    [405, { method: 'PUT' }],
    [413, { headers: json, body: ' '.repeat(65_537) }],
    [415, { headers: { 'Content-Type': 'nonsense' }, body: '{}' }],
  ]

  test.each(refusals)('a %i is reflected to a page that could make the call', async (status, sent) => {
    for (const path of ['/trpc/visitor.guest', '/trpc/visitor.guest,visitor.refresh?batch=1']) {
      const response = await send({ origin: attacker, path, ...sent })
      expect(response.status).toBe(status)
      expectReflected(response, attacker)
    }
  })

  test.each(refusals)('a %i is not reflected if one of the calls is for servers', async (status, sent) => {
    for (const path of ['/trpc/visitor.userToken', '/trpc/visitor.guest,bridge.initialize?batch=1', '/trpc/nothing']) {
      const response = await send({ origin: attacker, path, ...sent })
      expect(response.status).toBe(status)
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})

describe('CORS of a success', () => {
  test('200 is reflected to the allowed page', async () => {
    const session = await server.postFromShop(paths.guest, { client_key: acme.clientKey })
    expect(session.status).toBe(200)
    expectReflected(session, acme.origin)
    const config = await send({ origin: 'http://localhost:5173', method: 'GET', path: endpoints[4][2] })
    expect(config.status).toBe(200)
    expectReflected(config, 'http://localhost:5173')
  })
})

describe('CORS of the user-token endpoint, which is for servers', () => {
  const body = { client_key: acme.clientKey, user_id: 'user_42' }

  test('neither a success nor a refusal is reflected', async () => {
    const minted = await server.postAsAcme(paths.userToken, body, { Origin: acme.origin })
    expect(minted.status).toBe(200)
    expectUnreadable(minted)
    const refused = await server.post(paths.userToken, body, { Origin: acme.origin, ...bearer('sk_test_unknown') })
    expect(refused.status).toBe(401)
    expectUnreadable(refused)
  })

  test('a preflight is refused', async () => {
    const headers = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': 'authorization' }
    const response = await send({ origin: acme.origin, method: 'OPTIONS', path: paths.userToken, headers })
    expectUnreadable(response)
    expect(response.headers.get('access-control-allow-headers')).toBeNull()
    expect(response.status).toBe(405)
  })
})

describe('CORS of tracing headers', () => {
  test.each(['traceparent', 'sentry-trace, baggage', 'x-trpc-source'])('a preflight allows %s', async (names) => {
    for (const path of [paths.guest, '/trpc/visitor.guest']) {
      const headers = { 'Access-Control-Request-Method': 'POST', 'Access-Control-Request-Headers': names }
      const response = await send({ origin: acme.origin, method: 'OPTIONS', path, headers })
      expect(response.headers.get('access-control-allow-headers')).toContain(names)
      expect(response.headers.get('access-control-allow-credentials')).toBeNull()
      expect(response.headers.get('vary')).toContain('Access-Control-Request-Headers')
    }
  })
})
