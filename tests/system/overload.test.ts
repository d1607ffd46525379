import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { cardPath, paths } from './support/fixtures/mint.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { bearer } from './support/servers/in-process-server.js'

let time = 0
let waited = 0
const touched: string[] = []
let server: AssembledServer
beforeAll(async () => {
  server = await assembleServer({
    time: { elapsed: () => time, startTimer: () => {} },
    requestDelay: () => waited,
    wrap: (store) =>
      new Proxy(store, {
        get(target, name, receiver) {
          touched.push(String(name))
          return Reflect.get(target, name, receiver)
        },
      }),
  })
})
afterAll(() => server.stop())

const page = { Origin: acme.origin }
const key = bearer(acme.key)
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const guest = (client_key: string = acme.clientKey) => server.call(paths.guest, { headers: page, body: { client_key } })
const bridge = (headers = key) => server.call(paths.bridge, { headers, body: { customer_id: acme.customer } })
const card = () => server.call(cardPath(acme.activeCard, 'REVEAL'), { method: 'GET', headers: key })
const introspect = () => server.call(paths.introspect, { headers: { ...key, ...form }, body: 'token=none' })

/** Every call has waited for so long, for longer than an interval, and none before. */
async function overload(milliseconds: number): Promise<void> {
  waited = 0
  for (const call of [guest, bridge, introspect]) await call()
  time += 1_000
  waited = milliseconds
  for (const call of [guest, bridge, introspect]) await call()
  time += 300
  for (const call of [guest, bridge, introspect]) await call()
  touched.length = 0
}

describe('an overload', () => {
  test('503 with Retry-After in the error shape of each API', async () => {
    await overload(5_000)
    const responses = await Promise.all([bridge(), guest(), card(), introspect()])
    expect(responses.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual(
      Array(4).fill([503, '1']),
    )
    const detail = 'The service is overloaded; wait before trying again.'
    const [inEnvelope, inText, inCode, inOauth] = responses
    expect(inEnvelope?.body).toMatchObject({
      response_type: 'error',
      error: { status: 503, type: '/unavailable', detail },
    })
    expect([inText?.text, inText?.headers.get('x-error-reason')]).toEqual([detail, 'unavailable'])
    expect(inText?.headers.get('access-control-allow-origin')).toBe(acme.origin)
    expect(inCode?.body).toEqual({ code: 'UNAVAILABLE', status: 503, detail })
    expect(inOauth?.body).toEqual({ error: 'temporarily_unavailable', error_description: detail })
  })

  test('over tRPC, each call of a batch has its own answer', async () => {
    await overload(500)
    const path = '/trpc/visitor.guest,tokens.redeem,bridge.initialize?batch=1'
    const inputs = { 0: { client_key: acme.clientKey }, 1: { widget_token: 'x', widget_type: 'REVEAL' }, 2: {} }
    const { status, body, text } = await server.call(path, { headers: { ...key, ...page }, body: inputs })
    expect(status, text).toBe(207)
    const results = body as unknown as { error: { data: Record<string, unknown> } }[]
    expect(results.map(({ error }) => [error.data.httpStatus, error.data.reason, error.data.retry_after])).toEqual([
      [503, 'unavailable', 1],
      [404, 'not_found', undefined],
      [503, 'unavailable', 1],
    ])
  })

  test('a refused call costs nothing: no credential, quota or row is read', async () => {
    await overload(5_000)
    for (let times = 0; times < 5; times++) expect((await guest(acme.limited)).status).toBe(503)
    const responses = await Promise.all([bridge(bearer('sk_test_wrong')), card(), introspect()])
    expect(responses.map(({ status }) => status)).toEqual([503, 503, 503])
    expect(responses.some(({ headers }) => headers.has('ratelimit'))).toBe(false)
    expect(touched).toEqual([])
    // three a minute, of which none was used up
    waited = 0
    for (let times = 0; times < 3; times++) expect((await guest(acme.limited)).status).toBe(200)
    expect((await guest(acme.limited)).status).toBe(429)
  })

  test('counts refused calls by priority and cause, and not as errors of the database', async () => {
    const read = async () => (await server.call('/metrics', { method: 'GET' })).text
    const value = (text: string, series: string) =>
      Number(
        text
          .split('\n')
          .find((line) => line.startsWith(`${series} `))
          ?.split(' ')[1],
      )
    const series = 'hallpass_shed_calls_total{priority="low",cause="event_loop"}'
    await overload(5_000)
    const before = await read()
    await guest()
    const after = await read()
    expect(value(after, series) - value(before, series)).toBe(1)
    expect(value(after, 'hallpass_database_errors_total')).toBe(0)
  })

  test('redeem and revoke go on while mints are refused, and all go on when the queue is short', async () => {
    await overload(500)
    expect([(await guest()).status, (await bridge()).status, (await introspect()).status]).toEqual([503, 503, 200])
    expect((await server.call('/health/live', { method: 'GET' })).status).toBe(200)
    waited = 100
    expect([(await guest()).status, (await bridge()).status, (await introspect()).status]).toEqual([200, 200, 200])
  })
})
