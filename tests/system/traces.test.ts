import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import { bodyOf, mintGuest, mintUserToken, paths, refresh } from './support/fixtures/mint.js'
import { lineOf, newTrace } from './support/fixtures/new-trace.js'
import { withIdentityProviders } from './support/fixtures/subject-tokens.js'
import { type Served, serve, writeFixture } from './support/servers/child-process.js'
import { bearer, type TestServer } from './support/servers/in-process-server.js'
import { newDatabase } from './support/servers/new-database.js'
import { remoteServer } from './support/servers/remote-server.js'
import { directUrlOf } from './support/servers/server-parts.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'
import { namesIn, startTraceCollector, type TraceCollector } from './support/servers/trace-collector.js'

const masterKey = randomBytes(32).toString('base64url')
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let collector: TraceCollector
let fixture: string
beforeAll(async () => {
  folder = await temporaryFolder()
  collector = await startTraceCollector()
  fixture = await writeFixture(folder.path, 'fixture.json', fixtureWithHost)
})
afterAll(async () => {
  await collector.stop()
  await folder.remove()
})

async function start(env: Record<string, string>, flags: Record<string, string> = {}): Promise<Served> {
  const url = flags['database-url'] ?? (await newDatabase())
  const database = { 'database-url': url, 'database-direct-url': directUrlOf(url) ?? '' }
  const common = { HALLPASS_MASTER_KEY: masterKey, OTEL_BSP_SCHEDULE_DELAY: '50' }
  const all = { ...database, fixture, profile: 'sandbox', ...flags }
  return serve({ cwd: folder.path, flags: all, env: { ...common, ...env } })
}

const guest = { client_key: acme.clientKey }
const allowed = [
  'http.request.method',
  'http.route',
  'http.response.status_code',
  'error.type',
  'hallpass.operation',
  'hallpass.transport',
  'hallpass.refusal',
  'hallpass.replayed',
  'db.operation.name',
]

describe('hallpass serve with OTEL_EXPORTER_OTLP_ENDPOINT', () => {
  let served: Served
  const server = new Proxy({} as TestServer, { get: (_, name) => Reflect.get(remoteServer(served.url), name) })
  beforeAll(async () => {
    served = await start({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url }, { 'local-issuers': 'on' })
  })
  afterAll(() => served.stop())
  const { world, sign } = withIdentityProviders(server)

  test('sends one tree for each request, which its log line names', async () => {
    const response = await server.postFromShop(paths.guest, guest)
    const line = await lineOf(served, response.headers.get('request-id'))
    const tree = await collector.tree(line.trace_id ?? '')
    const attributes = { 'http.request.method': 'POST', 'http.route': paths.guest, 'http.response.status_code': 200 }
    expect(tree).toMatchObject({ name: `POST ${paths.guest}`, kind: 2, attributes })
    const [call] = tree.within
    expect(call?.attributes).toEqual({ 'hallpass.operation': 'visitor.guest', 'hallpass.transport': 'rest' })
    expect(call?.within.map(({ name }) => name)).toEqual(['authenticate', 'limit', 'handler'])
    expect(namesIn(tree)).toContain('store findClientKey')
  })

  test('continues a trace of the caller, and ignores an invalid one', async () => {
    const { traceId, spanId, headers } = newTrace()
    await server.postFromShop(paths.guest, guest, headers)
    expect((await collector.tree(traceId, spanId)).name).toBe(`POST ${paths.guest}`)

    const invalid = { traceparent: `00-${traceId}-${'0'.repeat(16)}-01` }
    const response = await server.postFromShop(paths.guest, guest, invalid)
    const line = await lineOf(served, response.headers.get('request-id'))
    expect(line.trace_id).toMatch(/^[\da-f]{32}$/)
    expect(line.trace_id).not.toBe(traceId)
    await collector.tree(line.trace_id ?? '')
  })

  test('records nothing of a trace that its caller leaves out, and logs its id', async () => {
    const { traceId, headers } = newTrace('00')
    const response = await server.postFromShop(paths.guest, guest, headers)
    expect(await lineOf(served, response.headers.get('request-id'))).toMatchObject({ trace_id: traceId })
    const later = newTrace()
    await server.postFromShop(paths.guest, guest, later.headers)
    await collector.tree(later.traceId, later.spanId)
    expect(collector.spans().filter((span) => span.traceId === traceId)).toEqual([])
  })

  test('shows the idempotency key, the transaction and what the store does in it', async () => {
    const key = { 'Idempotency-Key': randomBytes(8).toString('hex') }
    const redeem = async () => {
      const { traceId, spanId, headers } = newTrace()
      await server.postAsAcme(paths.bridge, { customer_id: acme.customer }, { ...key, ...headers })
      return collector.tree(traceId, spanId)
    }
    const names = namesIn(await redeem())
    expect(names).toEqual(expect.arrayContaining(['authenticate', 'limit', 'idempotency', 'handler']))
    expect(names).toContain('store claimIdempotencyKey')
    expect((await redeem()).within[0]?.attributes).toMatchObject({ 'hallpass.replayed': true })

    const change = newTrace()
    const { token } = await mintGuest(server)
    await server.postForm(paths.revoke, { token }, change.headers)
    const revoked = namesIn(await collector.tree(change.traceId, change.spanId))
    expect(revoked).toContain('store transaction')
  })

  test('tells a refusal, which is no error, from a failure, which is one', async () => {
    const { traceId, spanId, headers } = newTrace()
    const refused = await server.post(paths.guest, guest, { ...headers, Origin: 'https://attacker.example' })
    const requestId = refused.headers.get('request-id')
    const tree = await collector.tree(traceId, spanId)
    expect(tree.attributes).toMatchObject({ 'http.response.status_code': 403 })
    const [call] = tree.within
    expect(call?.attributes).toMatchObject({ 'hallpass.refusal': 'origin_not_allowed' })
    expect([tree.status.code ?? 0, call?.status.code ?? 0]).toEqual([0, 0])

    await expect
      .poll(async () =>
        bodyOf<{ data: object[] }>(await server.get(`/v1/admin/refusals/${requestId}`, bearer(acme.key))),
      )
      .toMatchObject({ data: [{ reason: 'origin_not_allowed', trace_id: traceId }] })

    const failed = newTrace()
    const fault = { 'Hallpass-Sandbox-Fault': 'unavailable', ...failed.headers }
    await server.postAsAcme(paths.bridge, { customer_id: acme.customer }, fault)
    const failure = await collector.tree(failed.traceId, failed.spanId)
    expect(failure).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': '503' } })
    expect(failure.within[0]).toMatchObject({ status: { code: 2 }, attributes: { 'error.type': 'unavailable' } })
  })

  test('has one call for each member of a tRPC batch', async () => {
    const { traceId, spanId, headers } = newTrace()
    const batch = { 0: { customer_id: acme.customer }, 1: { client_key: 'unknown' } }
    const path = '/trpc/bridge.initialize,visitor.config?batch=1'
    await server.post(path, batch, { ...bearer(acme.key), ...headers })
    const tree = await collector.tree(traceId, spanId)
    expect(tree.name).toBe('POST /trpc/*')
    const calls = new Map(tree.within.map(({ name, attributes }) => [name, attributes['hallpass.refusal']]))
    expect(calls).toEqual(
      new Map([
        ['bridge.initialize', undefined],
        ['visitor.config', 'origin_not_allowed'],
      ]),
    )
  })

  test('an identity provider that is asked for its keys gets the trace', async () => {
    const { traceId, spanId, headers } = newTrace()
    const body = { client_key: world().clientKey, subject_token: await sign() }
    expect((await server.postFromShop(paths.exchange, body, headers)).status).toBe(200)
    const tree = await collector.tree(traceId, spanId)
    expect(namesIn(tree)).toContain('verify subject token')
    const [, sentTrace, sentSpan, flags] = world().provider.traceparent()?.split('-') ?? []
    expect([sentTrace, flags]).toEqual([traceId, '01'])
    expect(collector.spans().find((span) => span.spanId === sentSpan)?.name).toBe('verify subject token')
  })

  test('has no attribute, name or state besides those of closed lists', async () => {
    const { traceId, spanId, headers } = newTrace()
    const free = { tracestate: 'vendor=free-text-1', baggage: 'user=free-text-2', 'Request-Id': 'free-text-3' }
    const query = `${paths.config}?client_key=${acme.clientKey}&free=free-text-4`
    await server.get(query, { Origin: acme.origin, ...headers, ...free })
    await refresh(server, 'free-text-5')
    await mintUserToken(server, { user_id: 'free-text-6' })
    await collector.tree(traceId, spanId)
    expect(collector.text()).not.toMatch(/free-text|traceState|events":\[\{/)
    for (const { name, attributes } of collector.spans()) {
      expect(Object.keys(attributes).filter((key) => !allowed.includes(key))).toEqual([])
      expect(name).toMatch(/^[\w ./:*-]+$/)
    }
    expect(collector.resources()[0]).toMatchObject({ 'service.name': 'hallpass', 'process.pid': expect.anything() })
  })

  test('health, metrics and preflights are not traced', async () => {
    const before = collector.spans().length
    const { traceId, headers } = newTrace()
    for (const path of ['/health/live', '/metrics', '/.well-known/jwks.json']) await server.get(path, headers)
    await fetch(server.url + paths.guest, { method: 'OPTIONS', headers: { Origin: acme.origin, ...headers } })
    const later = newTrace()
    await server.postFromShop(paths.guest, guest, later.headers)
    await collector.tree(later.traceId, later.spanId)
    expect(collector.spans().length).toBeGreaterThan(before)
    expect(collector.spans().filter((span) => span.traceId === traceId)).toEqual([])
  })
})

test('several workers send their spans too, and the last ones when they stop', async () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_SERVICE_NAME: 'pass',
    OTEL_BSP_SCHEDULE_DELAY: '60000',
  }
  // workers can't share a database in memory
  const url = (await newDatabase()).replace(':memory:', 'file:./workers.db')
  const shared = { 'database-url': url, workers: '2', 'public-url': 'http://127.0.0.1:8787' }
  const served = await start({ ...env, HALLPASS_METRICS_TOKEN: 'metrics-token-of-the-operator' }, shared)
  onTestFinished(async () => void (await served.stop('SIGKILL')))
  const traces = Array.from({ length: 20 }, () => newTrace())
  for (const { headers } of traces) {
    const closing = { ...headers, ...bearer(acme.key), Connection: 'close', 'Content-Type': 'application/json' }
    const body = JSON.stringify({ customer_id: acme.customer })
    expect((await fetch(served.url + paths.bridge, { method: 'POST', headers: closing, body })).status).toBe(200)
  }
  expect((await served.stop()).code).toBe(0)
  for (const { traceId, spanId } of traces) await collector.tree(traceId, spanId)
  const workers = collector.resources().filter((resource) => resource['service.name'] === 'pass')
  expect(new Set(workers.map((resource) => resource['process.pid'])).size).toBe(2)
})

// where the spans go, no database decides
const isDone = inject('postgres') !== undefined

test.skipIf(isDone)("an SDK of the operator's own gets the spans, as in examples/tracing", async () => {
  const sdk = new URL('../../examples/tracing/own-sdk.mjs', import.meta.url)
  const served = await start({ NODE_OPTIONS: `--import ${sdk}`, COLLECTOR_URL: `${collector.url}/v1/traces` })
  onTestFinished(async () => void (await served.stop('SIGKILL')))
  const { traceId, spanId, headers } = newTrace()
  await remoteServer(served.url).postFromShop(paths.guest, guest, headers)
  expect(namesIn(await collector.tree(traceId, spanId))).toContain('authenticate')
})

test.skipIf(isDone)('without a collector, the id of a caller is logged, and nothing else happens', async () => {
  const served = await start({})
  onTestFinished(async () => void (await served.stop('SIGKILL')))
  const { traceId, headers } = newTrace()
  const traced = await remoteServer(served.url).postFromShop(paths.guest, guest, headers)
  expect(await lineOf(served, traced.headers.get('request-id'))).toMatchObject({ trace_id: traceId })
  const untraced = await remoteServer(served.url).postFromShop(paths.guest, guest)
  expect(await lineOf(served, untraced.headers.get('request-id'))).not.toHaveProperty('trace_id')
})

test.skipIf(isDone)('a collector that is down delays no response and no stop, and is reported once', async () => {
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:9', OTEL_EXPORTER_OTLP_TIMEOUT: '500' }
  const served = await start(env)
  const server = remoteServer(served.url)
  for (let call = 0; call < 5; call++) expect((await server.postFromShop(paths.guest, guest)).status).toBe(200)
  const reports = () => served.stderr().match(/Traces could not be sent to the collector/g)?.length ?? 0
  await expect.poll(reports).toBe(1)
  await mintGuest(server)
  expect(await served.stop()).toMatchObject({ code: 0 })
  expect(reports()).toBe(1)
})
