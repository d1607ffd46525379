import { Issues, type Operation, parseInputOf } from '@hallpass/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import {
  endpoints,
  endpointsAccepting,
  type HeaderList,
  headersFor,
  named,
  requestToChange,
  sendChanged,
  titled,
  validRequest,
  withoutHeader,
} from './support/http/endpoints.js'
import { formWith } from './support/http/form-with.js'
import { type RawHttpResponse, sendRaw } from './support/http/raw-http.js'
import { expectRefusal } from './support/http/refusal-shape.js'
import { inputOf } from './support/parity/parity-cases.js'
import { parityFixture } from './support/parity/parity-inputs.js'
import { startServer, type TestServer } from './support/servers/in-process-server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ fixture: parityFixture })
})
afterAll(async () => {
  await expectToServe()
  await server.stop()
})

/** Checks that the server is unaffected: every endpoint still accepts a valid call. */
async function expectToServe() {
  for (const operation of endpoints) {
    const response = await sendRaw(server.url, await validRequest(server, operation))
    expect(response.status, `${operation.id} ${response.body}`).toBe(200)
  }
}

const tracing: HeaderList = [
  ['Request-Id', 'hostile request'],
  ['Correlation-Id', 'hostile series'],
]

/** Sends a body to an endpoint, with valid credentials. Every response echoes the ids of the request. */
async function sendBody(operation: Operation, body: string | Buffer, headers?: HeaderList): Promise<RawHttpResponse> {
  const type = operation.body === 'form' ? 'application/x-www-form-urlencoded' : 'application/json'
  const list = headers ?? [...headersFor(operation), ['Content-Type', type]]
  const response = await sendChanged(server, operation, { body, headers: [...list, ...tracing] })
  expect(response.headers.get('request-id')).toBe('hostile request')
  expect(response.headers.get('correlation-id')).toBe('hostile series')
  return response
}

/** Values of another type that a field also accepts. */
const allowed = new Set([
  'admin.kinds.put actions []',
  'kinds.pageToken actions []',
  'admin.clientKeys.create origin_allowlist []',
  'admin.clientKeys.try origin_allowlist []',
])

/** The expected status for a body of the wrong shape: 400 with the documented phrase if there is one, otherwise 422. */
const shapeStatus = ({ required }: Operation) => (required ? 400 : 422)
const nested = (depth: number, [open, close]: readonly [string, string]) => open.repeat(depth) + close.repeat(depth)

describe.each(named(endpointsAccepting('json')))('%s, which takes JSON', (_id, operation) => {
  let input: Record<string, unknown>
  /** The part of the input that is in the body. Each test breaks it. */
  let fields: Record<string, unknown>
  beforeAll(async () => {
    input = await inputOf(server, operation, { what: 'a valid call', expected: 200 })
    fields = Object.fromEntries(Object.entries(input).filter(([name]) => !operation.pathFields?.includes(name)))
  })

  test.each([
    ['half an object', '{"client_key":'],
    ['nothing but a brace', '{'],
    ['a word', 'hello'],
    ['NaN', 'NaN'],
    ['two values', '{}{}'],
    ['a trailing comma', '{"a":1,}'],
    ['single quotes', "{'a':1}"],
    ['a form', 'client_key=pk_test_acme&user_id=1'],
    ['a NUL byte', '\u0000'],
    ['a control character in a string', '{"a":"\u0001"}'],
    ['a lone half of an escape', '{"a":"\\u12"}'],
    ['30,000 open brackets', '['.repeat(30_000)],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d])],
    ['half a UTF-8 sequence', Buffer.from([0x22, 0xe2, 0x82, 0x22])],
    ['UTF-16', Buffer.from('{}', 'utf16le')],
  ])('400 for a body that is not JSON: %s', async (_what, body) => {
    const response = await sendBody(operation, body)
    expectRefusal(operation.dialect, response, 400)
  })

  test.each([
    ['null', 'null'],
    ['a number', '1'],
    ['a string', '"text"'],
    ['true', 'true'],
    ['an array', '[]'],
    ['an array of objects', '[{}]'],
    ['30,000 nested arrays', nested(30_000, ['[', ']'])],
    ['10,000 nested objects', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ])('is refused if the body is another value: %s', async (_what, body) => {
    const response = await sendBody(operation, body)
    const isObject = body.startsWith('{')
    // an object of 10,000 levels has an unknown field, unless missing required fields are reported first
    expectRefusal(operation.dialect, response, isObject ? [shapeStatus(operation), 422] : shapeStatus(operation))
  })

  test.each(['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '', 'colour', '\u0000', 'a.b'])(
    '422 for an unknown field, naming it: %j',
    async (name) => {
      const member = `${JSON.stringify(name)}:{"polluted":true}`
      const members = JSON.stringify(fields).slice(1, -1)
      const response = await sendBody(operation, `{${members}${members ? ',' : ''}${member}}`)
      expectRefusal(operation.dialect, response, 422)
      expect(({} as Record<string, unknown>).polluted).toBeUndefined()
      if (name.length > 1) expect(response.body).toContain(name)
    },
  )

  test('is refused for every field of a wrong type', async () => {
    const required = (operation.required ?? []).flat()
    for (const name of Object.keys(fields)) {
      for (const value of [[], [[]], { a: {} }, 7, 1e308, -0, true, null, '\u0000', '\ud800', 'x'.repeat(2000)]) {
        const fits = typeof value === typeof fields[name] && typeof value !== 'string' && !Array.isArray(value)
        if (fits) continue
        // null counts as absent if the field is optional
        if (value === null && !(parseInputOf(operation, { ...input, [name]: null }) instanceof Issues)) continue
        const response = await sendBody(operation, JSON.stringify({ ...fields, [name]: value }))
        if (allowed.has(`${operation.id} ${name} ${JSON.stringify(value)}`)) {
          expect(response.status).toBe(200)
          continue
        }
        const admits = required.includes(name) && typeof value === 'string'
        // a long text may be a token, which is unknown
        const own = operation.id === 'kinds.redeem' && name === 'token' ? [404, 422] : [422]
        const statuses = required.includes(name) ? [400, 422, ...(admits ? [403] : [])] : own
        expectRefusal(operation.dialect, response, statuses)
      }
    }
  })

  test.each([
    ['text/plain', 'text/plain'],
    ['a form', 'application/x-www-form-urlencoded'],
    ['multipart', 'multipart/form-data; boundary=x'],
    ['another JSON', 'application/vnd.api+json'],
    ['another charset', 'application/json; charset=latin1'],
    ['two types', 'application/json, text/plain'],
    ['no type at all', undefined],
    ['an empty type', ''],
    ['garbage', ';;;=,,,'],
    ['a long type', `application/${'x'.repeat(5000)}`],
  ])('415 for %s', async (_what, type) => {
    const headers: HeaderList = [
      ...headersFor(operation),
      ...(type === undefined ? [] : [['Content-Type', type] as const]),
    ]
    const response = await sendBody(operation, '{"client_key":"pk_test_acme"}', headers)
    expectRefusal(operation.dialect, response, 415)
  })

  test.each(['gzip', 'br', 'identity', 'deflate, gzip', ''])('415 for Content-Encoding %j', async (encoding) => {
    const { body = '', headers } = await requestToChange(server, operation)
    const response = await sendBody(operation, body, [...headers, ['Content-Encoding', encoding]])
    expectRefusal(operation.dialect, response, 415)
  })
})

describe.each(named(endpointsAccepting('form')))('%s, which takes a form', (_id, operation) => {
  test.each([
    ['nothing', ''],
    ['no token', 'a=b'],
    ['an empty token', 'token='],
    ['two tokens', 'token=a&token=b'],
    ['two hints', 'token=a&token_type_hint=b&token_type_hint=c'],
    ['JSON', '{"token":"a"}'],
    ['invalid UTF-8', Buffer.from([0x74, 0xff, 0xfe])],
  ])('400 for %s', async (_what, body) => {
    const response = await sendBody(operation, body)
    expectRefusal('oauth', response, 400)
    expect(JSON.parse(response.body).error).toBe('invalid_request')
  })

  test.each(
    titled(['%', '%zz', '%ff', '%00', '+', '__proto__', 'constructor', '%F0%9F%8E%AB', `${'x'.repeat(60_000)}`]),
  )('recognizes no token in a text such as %s', async (_title, text) => {
    const { body, unrecognized } = formWith(operation, text)
    const response = await sendBody(operation, `${body}&__proto__=1&constructor=2`)
    expect([response.status, JSON.parse(response.body)]).toMatchObject(unrecognized)
  })

  test.each(['application/json', 'text/plain', 'multipart/form-data; boundary=x', ''])('415 for %j', async (type) => {
    const response = await sendBody(operation, 'token=a', [...headersFor(operation), ['Content-Type', type]])
    expectRefusal('oauth', response, 415)
  })
})

describe.each(named(endpointsAccepting('json', 'form')))('%s with a large body', (_id, operation) => {
  const megabyte = Buffer.alloc(1_000_000, 'x')
  const chunked = (bytes: Buffer) =>
    Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n0\r\n\r\n')])
  const type: readonly [string, string] = [
    'Content-Type',
    operation.body === 'form' ? 'application/x-www-form-urlencoded' : 'application/json',
  ]

  test('413 for 1 MB with a Content-Length, even without a credential', async () => {
    for (const headers of [headersFor(operation), withoutHeader(headersFor(operation), 'Authorization')]) {
      const response = await sendBody(operation, megabyte, [...headers, type])
      expectRefusal(operation.dialect, response, 413)
    }
  })

  test('413 for 1 MB in chunks', async () => {
    const headers: HeaderList = [...headersFor(operation), type, ['Transfer-Encoding', 'chunked']]
    const response = await sendBody(operation, chunked(megabyte), headers)
    expectRefusal(operation.dialect, response, 413)
  })

  test('413 for 65,537 bytes, but not for 65,536', async () => {
    const response = await sendBody(operation, Buffer.alloc(65_537, ' '), [...headersFor(operation), type])
    expectRefusal(operation.dialect, response, 413)
    const most = await sendBody(operation, Buffer.alloc(65_536, ' '), [...headersFor(operation), type])
    expect(most.status).not.toBe(413)
  })
})

describe('GET and POST /v1/cards/{card_id}/widget_token ignore a body', () => {
  test.each(titled(['{"half', '[]', 'x'.repeat(1000)]))('200 for any body: %s', async (_title, body) => {
    for (const type of ['application/json', 'text/plain', ';;;', '']) {
      const [card] = endpoints.filter(({ id }) => id === 'card.widgetToken')
      if (!card) expect.fail('the card endpoint is missing')
      const headers: HeaderList = [...headersFor(card), ['Content-Type', type]]
      const target = `/v1/cards/${acme.activeCard}/widget_token?widget_type=REVEAL`
      expect((await sendRaw(server.url, { method: 'POST', target, headers, body })).status).toBe(200)
    }
  })
})
