import { createHallpassClient, HallpassClientError } from '@hallpass/client'
import { type Operation, operations } from '@hallpass/contracts'
import type { AppRouter } from '@hallpass/server/router'
import { createTRPCClient, httpBatchLink } from '@trpc/client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { endpoints, type HeaderList, headersFor, named, titled } from './support/http/endpoints.js'
import { sendRaw } from './support/http/raw-http.js'
import { expectRefusal } from './support/http/refusal-shape.js'
import { parityFixture, parityKeys } from './support/parity/parity-inputs.js'
import { startServer, type TestServer } from './support/servers/in-process-server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ fixture: parityFixture })
})
afterAll(async () => {
  const response = await server.trpc('tokens.introspect', { token: 'none' }, { Authorization: `Bearer ${acme.key}` })
  expect(response.status, 'the server still works').toBe(200)
  await server.stop()
})

const json: HeaderList = [
  ['Content-Type', 'application/json'],
  ['Request-Id', 'hostile request'],
]

/** POSTs a body to a procedure, with valid credentials. */
async function send(
  path: string,
  body: string | Buffer,
  {
    method = 'POST',
    headers = json,
    operation = endpoints[0],
  }: { method?: string; headers?: HeaderList; operation?: Operation | undefined } = {},
) {
  const list = [...(operation ? headersFor(operation) : []), ...headers]
  const answer = await sendRaw(server.url, { method, target: `/trpc/${path}`, headers: list, body })
  expect(answer.headers.get('request-id')).toBe('hostile request')
  return answer
}

describe.each(named(endpoints))('POST /trpc/%s', (id, operation) => {
  test.each(titled(['', '{', 'hello', '['.repeat(30_000), '\u0000', '{}{}']))(
    '400 for a body that is not JSON: %s',
    async (_title, body) => {
      const answer = await send(id, body, { operation })
      expectRefusal('trpc', answer, 400)
      expect(JSON.parse(answer.body).error.data.reason).toBe('malformed_request')
    },
  )

  test.each([
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
  ])('400 for a body that is %s', async (_what, body) => {
    expectRefusal('trpc', await send(id, body, { operation }), 400)
  })

  test.each(
    titled([
      'null',
      '1',
      '"text"',
      '[]',
      `${'['.repeat(30_000)}${']'.repeat(30_000)}`,
      `{"__proto__":{"polluted":true},"constructor":1}`,
    ]),
  )('is refused if the input is another value: %s', async (_title, body) => {
    expectRefusal('trpc', await send(id, body, { operation }), [400, 422])
    expect(({} as Record<string, unknown>).polluted).toBeUndefined()
  })
})

/** One procedure for each kind of authentication. The others share their code. */
const samples = (
  ['bridge.initialize', 'visitor.guest', 'visitor.config', 'card.widgetToken', 'tokens.introspect'] as const
).map((id) => [id, operations[id]] as const)

describe.each(samples)('POST /trpc/%s, as a request', (id, operation) => {
  test('415 for another content type or a Content-Encoding', async () => {
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonl', ';;;']) {
      const headers: HeaderList = [
        ['Content-Type', type],
        ['Request-Id', 'hostile request'],
      ]
      expectRefusal('trpc', await send(id, '{}', { operation, headers }), 415)
    }
    expectRefusal('trpc', await send(id, '{}', { operation, headers: [...json, ['Content-Encoding', 'gzip']] }), 415)
  })

  test("413 for 1 MB, in tRPC's error shape, so that its client recognizes it", async () => {
    const answer = await send(id, Buffer.alloc(1_000_000, ' '), { operation })
    expectRefusal('trpc', answer, 413)
    expect(JSON.parse(answer.body).error.data.reason).toBe('payload_too_large')
  })

  test.each(['PUT', 'PATCH', 'DELETE', 'PROPFIND', 'TRACE'])('405 for %s', async (method) => {
    expectRefusal('trpc', await send(id, '{}', { operation, method }), 405)
  })
})

describe('/trpc', () => {
  test.each(
    titled([
      '',
      'bridge',
      'bridge.nothing',
      'bridge.initialize.more',
      'constructor',
      '__proto__',
      'toString',
      'bridge.constructor',
      'bridge.__proto__',
      'a/b',
      '..',
      '%00',
      '%2e',
      'x'.repeat(5000),
    ]),
  )('404 for a procedure that does not exist: %s', async (_title, path) => {
    const answer = await send(path, '{}')
    expectRefusal('trpc', answer, 404)
  })

  test.each(['%zz', '%', 'bridge.initialize%'])('400 or 404 for malformed percent-encoding: %s', async (path) => {
    expectRefusal('trpc', await send(path, '{}'), [400, 404])
  })

  test.each(['', '%7B', '1', 'null', '%zz', '%ff', '%00', '{}', '{"client_key":null}'])(
    'is refused if the input of a query is %j',
    async (input) => {
      const operation = operations['visitor.config']
      const headers: HeaderList = [...headersFor(operation), ['Request-Id', 'hostile request']]
      const answer = await sendRaw(server.url, {
        method: 'GET',
        target: `/trpc/visitor.config?input=${input}`,
        headers,
      })
      expectRefusal('trpc', answer, 400)
    },
  )

  test.each(
    titled([
      'null',
      '[]',
      '1',
      '{}',
      '{"0":null}',
      '{"1":{}}',
      '{"__proto__":{}}',
      '{"length":2}',
      `{"0":${'['.repeat(30_000)}${']'.repeat(30_000)}}`,
    ]),
  )('every call of a batch is refused if the inputs are %s', async (_title, body) => {
    const answer = await send('bridge.initialize,bridge.initialize?batch=1', body)
    expectRefusal('trpc', { ...answer, status: firstStatus(answer.body) })
    expect(JSON.parse(answer.body)).toHaveLength(2)
  })

  test('413 for a batch of 1 MB, as one error, which the batch link reports for each call', async () => {
    const answer = await send('bridge.initialize,bridge.initialize?batch=1', Buffer.alloc(1_000_000, ' '))
    expectRefusal('trpc', answer, 413)
    const link = httpBatchLink({ url: `${server.url}/trpc`, headers: { Authorization: `Bearer ${parityKeys.all}` } })
    const client = createTRPCClient<AppRouter>({ links: [link] })
    const call = () => client.bridge.initialize.mutate({ customer_id: acme.customer, external_id: 'x'.repeat(40_000) })
    for (const settled of await Promise.allSettled([call(), call()])) {
      expect(settled).toMatchObject({ status: 'rejected', reason: { data: { reason: 'payload_too_large' } } })
    }
  })

  test('the typed client reports payload_too_large for a large input', async () => {
    const client = createHallpassClient({ baseUrl: server.url, apiKey: parityKeys.all })
    const call = client.bridge.initialize({ customer_id: acme.customer, external_id: 'x'.repeat(70_000) })
    const error = await call.catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(HallpassClientError)
    expect(error).toMatchObject({ reason: 'payload_too_large', details: { status: 413 } })
  })
})

const firstStatus = (body: string): number => JSON.parse(body)[0].error.data.httpStatus
