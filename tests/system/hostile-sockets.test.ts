import { connect } from 'node:net'
import { operations } from '@hallpass/contracts'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { validRequest } from './support/http/endpoints.js'
import { type RawHttpResponse, rawRequest, sendBytes, sendRaw } from './support/http/raw-http.js'
import { parityFixture } from './support/parity/parity-inputs.js'
import { startServer, type TestServer } from './support/servers/in-process-server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ fixture: parityFixture })
})
afterEach(async () => {
  const alive = await sendRaw(server.url, await validRequest(server, operations['bridge.initialize']))
  expect(alive.status, 'the server still works').toBe(200)
})
afterAll(() => server.stop())

const isRefused = (responses: readonly RawHttpResponse[]) =>
  responses.every(({ status }) => status >= 400 && status < 500)

describe('a socket with invalid HTTP', () => {
  const get = 'GET /health/live HTTP/1.1\r\n'
  test.each([
    ['garbage', '\u0000\u0001\u0002\u0003garbage\r\n\r\n'],
    ['a TLS ClientHello', Buffer.from('16030100a5010000a1030360', 'hex')],
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
    ['an invalid length', 'POST /v1/bridge/initialize HTTP/1.1\r\nHost: x\r\nContent-Length: x\r\n\r\n'],
    ['a negative length', 'POST /v1/bridge/initialize HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n'],
    [
      'chunks without a size',
      'POST /v1/bridge/initialize HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n',
    ],
  ])('is refused and closed: %s', async (_what, bytes) => {
    const responses = await sendBytes(server.url, bytes)
    expect(responses.length).toBeGreaterThan(0)
    expect(isRefused(responses), JSON.stringify(responses)).toBe(true)
  })

  test('is closed if it stays silent or disconnects halfway', async () => {
    const half =
      'POST /v1/bridge/initialize HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{'
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

  test('a smuggled request gets no second response', async () => {
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
    const responses = await sendBytes(server.url, bytes)
    expect(responses.map(({ status }) => status)).toEqual([400])
  })

  test('OPTIONS *, an unknown expectation and an upgrade cause no 5xx', async () => {
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
