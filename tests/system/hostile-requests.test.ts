import { type Operation, operations } from '@hallpass/contracts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { doors, type HeaderList, headersFor, named, sendChanged, validRequest, withoutHeader } from './support/doors.js'
import { acme } from './support/fixture.js'
import { parityFixture } from './support/parity-inputs.js'
import { type RawAnswer, rawRequest, sendBytes, sendRaw } from './support/raw-http.js'
import { expectRefusal, type Wording } from './support/refusal-shape.js'
import { startServer, type TestServer } from './support/start-server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ fixture: parityFixture })
})
afterEach(async () => {
  const alive = await sendRaw(server.url, await validRequest(server, operations['bridge.initialize']))
  expect(alive.status, 'the server still works').toBe(200)
})
afterAll(() => server.stop())

const tracing: HeaderList = [['Request-Id', 'hostile request']]
const someUuid = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'
const pathOf = ({ paths: [path = ''] }: Operation) => path.replace(/\{\w+\}/g, someUuid)

/** The dialect of a family of paths (wire 1 to 4). */
const families = [
  ['/v1/bridge', 'envelope'],
  ['/api/v1/widget', 'text'],
  ['/v1/cards', 'code'],
  ['/cards', 'code'],
  ['/v1/widget_tokens', 'code'],
  ['/oauth2', 'oauth'],
] as const

async function expectRefused(
  wording: Wording,
  target: string,
  status: number | number[],
  method = 'GET',
  headers: HeaderList = [],
) {
  const answer = await sendRaw(server.url, { method, target, headers: [...tracing, ...headers] })
  expectRefusal(wording, answer, status)
  expect(answer.headers.get('request-id')).toBe('hostile request')
  return answer
}

describe.each(families)('a path below %s that nothing is at', (prefix, wording) => {
  test.each([
    '/',
    '/unknown',
    '/a/b/c/d/e/f',
    '/%20',
    '/..%2f..%2fetc',
    '//',
    '/🎫',
    '/;x=1',
    '/?x=1',
    '/initialize.json',
  ])('404 for %s', async (rest) => {
    await expectRefused(wording, prefix + Buffer.from(rest).toString('latin1'), 404)
    await expectRefused(wording, prefix + Buffer.from(rest).toString('latin1'), 404, 'POST')
  })

  test('404 for a path of 10,000 characters', async () => {
    await expectRefused(wording, `${prefix}/${'a'.repeat(10_000)}`, 404)
  })

  test.each(['/%zz', '/%', '/%e2%82', '/%ff', '/a%'])(
    '400 or 404, never 5xx, for malformed percent-encoding: %s',
    async (rest) => {
      await expectRefused(wording, prefix + rest, [400, 404])
      await expectRefused(wording, prefix + rest, [400, 404], 'POST')
    },
  )
})

describe('a path of no family', () => {
  test.each([
    '/',
    '/unknown',
    '/v1',
    '/v2/bridge/initialize',
    '/api',
    '/favicon.ico',
    '/%zz',
    '//v1/bridge/initialize',
    '/V1/Bridge/Initialize',
  ])('404 or 400 for %s', async (path) => {
    const answer = await expectRefused('code', path, path.includes('%') ? [400, 404] : 404)
    expect(answer.body).toContain(answer.status === 404 ? 'RESOURCE_NOT_FOUND' : 'BAD_REQUEST')
  })
})

describe.each(named(doors))('%s, at its path', (_id, operation) => {
  const all = [
    'GET',
    'POST',
    'PUT',
    'PATCH',
    'DELETE',
    'TRACE',
    'PROPFIND',
    'MKCOL',
    'COPY',
    'REPORT',
    'SEARCH',
    'PURGE',
    'LINK',
  ]
  // another operation may have the same path with another method
  const taken: string[] = doors
    .filter(({ paths }) => paths.some((path) => operation.paths.includes(path)))
    .flatMap(({ methods }) => methods)

  test.each(all.filter((method) => !taken.includes(method)))(
    '405 for %s, saying what the path takes',
    async (method) => {
      for (const path of operation.paths) {
        const target = path.replace(/\{\w+\}/g, someUuid)
        const { headers } = await expectRefused(operation.dialect, target, 405, method)
        const allow = headers.get('allow')?.split(', ') ?? []
        expect(allow.filter((name) => name !== 'OPTIONS').sort()).toEqual([...new Set(taken)].sort())
      }
    },
  )

  test('405 for another method with a body of a wrong type and size', async () => {
    const request = { method: 'PUT', target: pathOf(operation), body: Buffer.alloc(100_000, 'x') }
    const headers: HeaderList = [...tracing, ['Content-Type', 'image/png']]
    expectRefusal(operation.dialect, await sendRaw(server.url, { ...request, headers }), 405)
  })

  test('405 for HEAD, without a body', async () => {
    if (taken.includes('HEAD')) return
    const { status, headers, body } = await sendRaw(server.url, {
      method: 'HEAD',
      target: pathOf(operation),
      headers: tracing,
    })
    expect([status, body, headers.get('request-id')]).toEqual([405, '', 'hostile request'])
  })

  test.each(['/', '//', '/x', '%2f', '.'])('404 with %s after it', async (end) => {
    await expectRefused(operation.dialect, `${pathOf(operation)}${end}`, [404, 405], operation.methods[0])
  })

  test('is the same door when its path is written in absolute form (RFC 9112 section 3.2.2)', async () => {
    const { method, target, ...rest } = await validRequest(server, operation)
    const answer = await sendRaw(server.url, { method, target: `http://hallpass.test${target}`, ...rest })
    expect(answer.status, answer.body).toBe(200)
    await expectRefused(operation.dialect, `http://hallpass.test${pathOf(operation)}`, 405, 'PUT')
  })
})

describe.each(named(doors))('%s, with a header sent twice', (_id, operation) => {
  const twice = async (name: string, values: readonly [string, string]) => {
    const { headers } = await validRequest(server, operation)
    const list: HeaderList = [...withoutHeader(headers, name), [name, values[0]], [name, values[1]]]
    return sendChanged(server, operation, { headers: list })
  }
  const byKey = operation.caller.by === 'secret_key'
  const key = Object.fromEntries(headersFor(operation)).Authorization ?? ''

  test.each([
    ['Request-Id', ['a', 'a']],
    ['Correlation-Id', ['a', 'b']],
    ...(byKey
      ? ([
          ['Authorization', [key, key]],
          ['Straddle-Account-Id', [acme.account, acme.account]],
        ] as const)
      : []),
    ...(operation.idempotency ? ([['Idempotency-Key', ['one and one', 'one and one']]] as const) : []),
    ...(operation.body === 'ignored' ? [] : ([['Content-Type', ['application/json', 'application/json']]] as const)),
  ] as const)('400 for %s', async (name, values) => {
    const answer = await twice(name, values)
    expectRefusal(operation.dialect, answer, 400)
    if (operation.dialect === 'text') expect(answer.headers.get('x-error-reason')).toBe('invalid_header')
  })

  test.runIf(operation.crossOrigin)('403 for Origin, even one that is allowed, and no CORS', async () => {
    const answer = await twice('Origin', [acme.origin, acme.origin])
    expectRefusal(operation.dialect, answer, 403)
    expect(answer.headers.get('access-control-allow-origin')).toBeNull()
  })

  test('is refused without each header that it needs', async () => {
    const { headers } = await validRequest(server, operation)
    const without = async (name: string) => sendChanged(server, operation, { headers: withoutHeader(headers, name) })
    if (byKey) expectRefusal(operation.dialect, await without('Authorization'), 401)
    if (operation.caller.by === 'client_key') expectRefusal(operation.dialect, await without('Origin'), 403)
    if (operation.body !== 'ignored') expectRefusal(operation.dialect, await without('Content-Type'), 415)
  })

  test.runIf(byKey)('401 for every other way to write a credential', async () => {
    for (const value of [
      '',
      'Bearer',
      'Bearer ',
      `Basic ${key}`,
      key.slice(7),
      `Token ${key}`,
      `${key} x`,
      `Bearer\t${key.slice(7)}`,
      `Bearer ${'x'.repeat(5000)}`,
      'Bearer \u00ff',
      'Bearer %00',
    ]) {
      const { headers } = await validRequest(server, operation)
      const answer = await sendChanged(server, operation, {
        headers: [...withoutHeader(headers, 'Authorization'), ['Authorization', value]],
      })
      expectRefusal(operation.dialect, answer, 401)
    }
  })
})

describe('a card id that is none', () => {
  const call = (id: string) =>
    sendRaw(server.url, {
      method: 'GET',
      target: `/v1/cards/${id}/widget_token?widget_type=REVEAL`,
      headers: [...tracing, ...headersFor(operations['card.widgetToken'])],
    })
  test.each([
    '%zz',
    '%',
    '%00',
    '%2F',
    '..',
    '%2e%2e',
    'null',
    '%F0%9F%8E%AB',
    `${someUuid}%00`,
    `${someUuid}%20`,
    'a'.repeat(10_000),
    `{${someUuid}}`,
    '-1',
    "'%20OR%201=1--",
  ])('400 BAD_REQUEST for %.40s', async (id) => {
    const answer = await call(id)
    expectRefusal('code', answer, id === '..' ? [400, 404] : 400)
    if (answer.status === 400) expect(JSON.parse(answer.body).code).toBe('BAD_REQUEST')
    expect(answer.headers.get('request-id')).toBe('hostile request')
  })

  test.each([
    '',
    '?',
    '?widget_type',
    '?widget_type=',
    '?widget_type=reveal',
    '?widget_type=REVEAL&widget_type=REVEAL',
    '?widget_type[]=REVEAL',
    '?widget_type=%zz',
    '?widget_type=%00',
    '?__proto__=REVEAL',
  ])('400 BAD_QUERY_PARAMETER for the query %s', async (query) => {
    const target = `/v1/cards/${acme.activeCard}/widget_token${query}`
    const answer = await sendRaw(server.url, {
      method: 'GET',
      target,
      headers: headersFor(operations['card.widgetToken']),
    })
    expectRefusal('code', answer, 400)
    expect(JSON.parse(answer.body).code).toBe('BAD_QUERY_PARAMETER')
  })
})

const isRefused = (answers: readonly RawAnswer[]) => answers.every(({ status }) => status >= 400 && status < 500)

describe('a socket that speaks no HTTP', () => {
  const get = 'GET /health/live HTTP/1.1\r\n'
  test.each([
    ['garbage', '\u0000\u0001\u0002\u0003garbage\r\n\r\n'],
    ['a TLS hello', Buffer.from('16030100a5010000a1030360', 'hex')],
    ['another protocol', 'SSH-2.0-OpenSSH_9.6\r\n\r\n'],
    ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['a version that does not exist', 'GET /health/live HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['no Host', `${get}\r\n`],
    ['a folded header', `${get}Host: x\r\nX: a\r\n b\r\nConnection: close\r\n\r\n`.replace('X: a', ' X: a')],
    ['a header without a colon', `${get}Host: x\r\nnonsense\r\n\r\n`],
    ['a NUL in a header', `${get}Host: x\r\nRequest-Id: a\u0000b\r\n\r\n`],
    ['a bare CR in a header', `${get}Host: x\r\nRequest-Id: a\rb\r\n\r\n`],
    ['a space before a colon', `${get}Host : x\r\n\r\n`],
    ['headers of 100 KB', `${get}Host: x\r\nX: ${'x'.repeat(100_000)}\r\n\r\n`],
    ['a path of 100 KB', `GET /${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`],
    [
      'two lengths',
      'POST /v1/bridge/initialize HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}',
    ],
    [
      'a length and chunks',
      'POST /v1/bridge/initialize HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    ],
    ['a length that is none', 'POST /v1/bridge/initialize HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n'],
    ['a negative length', 'POST /v1/bridge/initialize HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
    [
      'chunks without a size',
      'POST /v1/bridge/initialize HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n',
    ],
  ])('is refused and closed: %s', async (_what, bytes) => {
    const answers = await sendBytes(server.url, bytes)
    expect(answers.length).toBeGreaterThan(0)
    expect(isRefused(answers), JSON.stringify(answers)).toBe(true)
  })

  test('is let go when it says nothing more, or hangs up in the middle', async () => {
    const half =
      'POST /v1/bridge/initialize HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{'
    const { connect } = await import('node:net')
    const { hostname, port } = new URL(server.url)
    for (let i = 0; i < 20; i++) {
      const socket = connect(Number(port), hostname)
      socket.on('error', () => {})
      await new Promise((resolve) => socket.write(half, resolve))
      if (i % 2 === 0) socket.destroy()
      else socket.resetAndDestroy()
    }
    expect((await server.get('/health/live')).status).toBe(200)
  })

  test('a request that smuggles another one has no second answer', async () => {
    const bytes = rawRequest({
      method: 'POST',
      target: '/v1/bridge/initialize',
      headers: [
        ['Transfer-Encoding', 'chunked'],
        ['Content-Length', '5'],
        ['Connection', 'close'],
      ],
      body: '0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: x\r\n\r\n',
    })
    const answers = await sendBytes(server.url, bytes)
    expect(answers.map(({ status }) => status)).toEqual([400])
  })

  test('OPTIONS *, an unknown expectation and an upgrade end in no 5xx', async () => {
    for (const request of [
      'OPTIONS * HTTP/1.1\r\nHost: x\r\n',
      `${get}Host: x\r\nExpect: nonsense\r\n`,
      `${get}Host: x\r\nUpgrade: websocket\r\nConnection: Upgrade, close\r\n`,
    ]) {
      for (const { status } of await sendBytes(
        server.url,
        `${request}${request.includes('Upgrade') ? '' : 'Connection: close\r\n'}\r\n`,
      )) {
        expect(status).toBeLessThan(500)
      }
    }
  })
})
