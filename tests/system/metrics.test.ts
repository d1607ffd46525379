import { request } from 'node:http'
import { networkInterfaces } from 'node:os'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import { bodyOf, mintCardToken, mintGuest, paths, refresh } from './support/fixtures/mint.js'
import { bearer, startServer, type TestServer } from './support/servers/in-process-server.js'

const token = 'metrics-token-of-the-operator'
const ourAddress = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === 'IPv4' && !one.internal)?.address

/** The status of `/metrics` for a given Host. */
function statusFor(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(`${url}/metrics`, { headers: { Host: host } }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
      .on('error', reject)
      .end()
  })
}

/** The value of a metric with these labels, as text. */
function metricOf(text: string, metric: string): number {
  const line = text.split('\n').find((one) => one.startsWith(`${metric} `))
  return Number(line?.slice(metric.length + 1) ?? Number.NaN)
}

describe('GET /metrics', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server.stop())

  const read = async () => {
    const response = await server.get('/metrics')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    return response.text()
  }

  test('counts and times calls by operation, transport, status and reason', async () => {
    await mintGuest(server)
    await server.trpc('bridge.initialize', { customer_id: acme.customer }, bearer(acme.key))
    await server.postAsAcme(paths.bridge, { customer_id: rival.customer })
    const text = await read()
    const calls = (labels: string) => metricOf(text, `hallpass_calls_total{${labels}}`)
    expect(calls('operation="visitor.guest",transport="rest",status="200",reason="ok"')).toBe(1)
    expect(calls('operation="bridge.initialize",transport="trpc",status="200",reason="ok"')).toBe(1)
    expect(calls('operation="bridge.initialize",transport="rest",status="404",reason="not_found"')).toBe(1)
    expect(metricOf(text, 'hallpass_call_seconds_count{operation="visitor.guest",transport="rest"}')).toBe(1)
    expect(metricOf(text, 'hallpass_http_answers_total{status="404"}')).toBeGreaterThanOrEqual(1)
    expect(metricOf(text, 'nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)
    expect(metricOf(text, 'hallpass_database_errors_total')).toBe(0)
  })

  test('counts tokens minted, spent and refused, but no replays', async () => {
    const card = await mintCardToken(server)
    const redeem = () => server.postAsAcme(paths.redeem, { widget_token: card, widget_type: 'REVEAL' }, key)
    const key = { 'Idempotency-Key': 'redeemed once' }
    await bodyOf(await redeem())
    await bodyOf(await redeem())
    await server.postAsAcme(paths.redeem, { widget_token: card, widget_type: 'REVEAL' })
    await refresh(server, (await mintGuest(server)).refresh_token)
    const text = await read()
    const tokens = (event: string, kind: string) =>
      metricOf(text, `hallpass_tokens_total{event="${event}",kind="${kind}"}`)
    expect([tokens('minted', 'card'), tokens('spent', 'card'), tokens('refused', 'card')]).toEqual([1, 1, 1])
    expect(tokens('spent', 'refresh')).toBe(1)
  })

  test('contains no account, key or token', async () => {
    const { token: session, session_id } = await mintGuest(server)
    const text = await read()
    for (const secret of [acme.account, acme.key, acme.clientKey, acme.customer, session, session_id])
      expect(text).not.toContain(secret)
  })

  test.each(['X-Forwarded-For', 'X-Real-IP', 'Forwarded', 'Via'])(
    '404 through a proxy on the same machine: %s',
    async (name) => {
      const response = await server.get('/metrics', { [name]: '203.0.113.9' })
      expect(response.status).toBe(404)
      expect(await response.text()).not.toContain('hallpass_')
    },
  )

  test.each([
    ['localhost', 200],
    ['LOCALHOST:8787', 200],
    ['127.0.0.2', 200],
    ['[::1]:8787', 200],
    ['pass.example', 404],
    ['localhost.pass.example', 404],
    ['127.0.0.1.pass.example:80', 404],
    ['192.0.2.1', 404],
    ['127.1', 404],
    ['user@localhost', 404],
  ])('over the loopback interface, Host %j: %i', async (host, status) => {
    expect(await statusFor(server.url, host)).toBe(status)
  })

  test('405 for another method, 200 without a body for HEAD', async () => {
    expect((await server.post('/metrics', {})).status).toBe(405)
    const head = await fetch(`${server.url}/metrics`, { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
  })
})

describe('GET /metrics from another address', () => {
  test("404 unless the request has the operator's token", async () => {
    const open = await startServer({ config: { host: '0.0.0.0' } })
    const guarded = await startServer({ config: { host: '0.0.0.0', metricsToken: token } })
    const ask = (server: TestServer, headers: Record<string, string> = {}) =>
      fetch(`http://${ourAddress}:${new URL(server.url).port}/metrics`, { headers })
    // a machine without a network has no other address to call from
    if (ourAddress !== undefined) {
      expect((await ask(open)).status).toBe(404)
      expect((await ask(guarded)).status).toBe(401)
      expect((await ask(guarded, bearer(token))).status).toBe(200)
    }
    await Promise.all([open.stop(), guarded.stop()])
  })

  test('a configured token is required from this machine too', async () => {
    const server = await startServer({ config: { metricsToken: token } })
    expect((await server.get('/metrics')).status).toBe(401)
    expect((await server.get('/metrics', bearer(`${token}x`))).status).toBe(401)
    expect((await server.get('/metrics', { ...bearer(token), 'X-Forwarded-For': '203.0.113.9' })).status).toBe(200)
    await server.stop()
  })
})

describe('GET /metrics with a public URL', () => {
  test('404 from this machine too, where a proxy forwards outsiders; 200 with the token', async () => {
    const server = await startServer({ config: { publicUrl: 'https://pass.example' } })
    expect((await server.get('/metrics')).status).toBe(404)
    await server.stop()
    const guarded = await startServer({ config: { publicUrl: 'https://pass.example', metricsToken: token } })
    expect((await guarded.get('/metrics', bearer(token))).status).toBe(200)
    await guarded.stop()
  })
})

describe('GET /metrics on a separate port', () => {
  test('is served there and not on the main port', async () => {
    const server = await startServer({ config: { metricsPort: 0, publicUrl: 'https://pass.example' } })
    const { metricsUrl = '' } = server
    const at = (path: string, init?: RequestInit) => fetch(metricsUrl + path, init)
    const read = await at('/metrics')
    expect([read.status, read.headers.get('content-type')]).toEqual([200, 'text/plain; version=0.0.4; charset=utf-8'])
    expect(await read.text()).toContain('hallpass_http_answers_total')
    expect((await server.get('/metrics')).status).toBe(404)
    expect((await at('/health/live')).status).toBe(404)
    expect((await at('/metrics', { headers: { 'X-Forwarded-For': '203.0.113.9' } })).status).toBe(404)
    expect(await statusFor(metricsUrl, 'pass.example')).toBe(404)
    expect((await at('/metrics', { method: 'POST' })).status).toBe(405)
    const head = await at('/metrics', { method: 'HEAD' })
    expect([head.status, await head.text()]).toEqual([200, ''])
    await server.stop()
    await expect(at('/metrics')).rejects.toThrow()
  })

  test('requires the token, and is not on the main port even with it', async () => {
    const server = await startServer({ config: { metricsPort: 0, metricsToken: token } })
    const ask = (headers: Record<string, string>) => fetch(`${server.metricsUrl}/metrics`, { headers })
    expect((await ask({})).status).toBe(401)
    expect((await ask(bearer(`${token}x`))).status).toBe(401)
    expect((await ask(bearer(token))).status).toBe(200)
    expect((await server.get('/metrics', bearer(token))).status).toBe(404)
    await server.stop()
  })

  test('an occupied port refuses the start', async () => {
    const server = await startServer()
    const port = Number(new URL(server.url).port)
    await expect(startServer({ config: { metricsPort: port } })).rejects.toThrow('or set another --metrics-port.')
    await server.stop()
  })
})
