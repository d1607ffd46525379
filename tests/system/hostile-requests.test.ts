import { type Operation, operations } from '@hallpass/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { endpoints, type HeaderList, named, validRequest } from './support/http/endpoints.js'
import { sendRaw } from './support/http/raw-http.js'
import { expectRefusal, type Wording } from './support/http/refusal-shape.js'
import { parityFixture } from './support/parity/parity-inputs.js'
import { startServer, type TestServer } from './support/servers/in-process-server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ fixture: parityFixture })
})
afterAll(async () => {
  const alive = await sendRaw(server.url, await validRequest(server, operations['bridge.initialize']))
  expect(alive.status, 'the server still works').toBe(200)
  await server.stop()
})

const tracing: HeaderList = [['Request-Id', 'hostile request']]
const someUuid = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'
const patternOf = (path: string) => new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]*')}$`)
const pathOf = ({ paths: [path = ''] }: Operation) => path.replace(/\{\w+\}/g, someUuid)

/** The dialect of a family of paths. */
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
  const response = await sendRaw(server.url, { method, target, headers: [...tracing, ...headers] })
  expectRefusal(wording, response, status)
  expect(response.headers.get('request-id')).toBe('hostile request')
  return response
}

describe.each(families)('an unknown path below %s', (prefix, wording) => {
  test.each([
    '/',
    '/unknown',
    '/a/b/c/d/e/f',
    '/%20',
    '/..%2f..%2fetc',
    '//',
    '/%F0%9F%8E%AB',
    '/;x=1',
    '/?x=1',
    '/initialize.json',
  ])('404 for %s', async (rest) => {
    await expectRefused(wording, prefix + rest, 404)
    await expectRefused(wording, prefix + rest, 404, 'POST')
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

describe('a path outside all families', () => {
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
    const response = await expectRefused('code', path, path.includes('%') ? [400, 404] : 404)
    expect(response.body).toContain(response.status === 404 ? 'RESOURCE_NOT_FOUND' : 'BAD_REQUEST')
  })
})

describe.each(named(endpoints))('%s, at its path', (_id, operation) => {
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
  const taken: string[] = endpoints
    .filter(({ paths }) => paths.some((path) => operation.paths.includes(path)))
    .flatMap(({ methods }) => methods)

  test('405 for every other method, with the allowed ones', async () => {
    for (const path of operation.paths) {
      for (const method of all.filter((name) => !taken.includes(name))) {
        const { headers } = await expectRefused(operation.dialect, path.replace(/\{\w+\}/g, someUuid), 405, method)
        const allow = headers.get('allow')?.split(', ') ?? []
        expect(allow.filter((name) => name !== 'OPTIONS').sort(), method).toEqual([...new Set(taken)].sort())
      }
    }
  })

  test('405 for another method, even if the type and size of the body are wrong', async () => {
    const request = { method: 'PATCH', target: pathOf(operation), body: Buffer.alloc(100_000, 'x') }
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

  test.each(['/', '//', '/x', '%2f', '.', ';a=b'])('404 with %s appended', async (end) => {
    const target = `${pathOf(operation)}${end}`
    // the appended part could be the id in the path of another operation
    const isOther = endpoints.some(({ paths }) => paths.some((path) => patternOf(path).test(target)))
    if (!isOther) await expectRefused(operation.dialect, target, 404, operation.methods[0])
  })

  test.each([
    ['in absolute form (RFC 9112 section 3.2.2)', (path: string) => `http://hallpass.test${path}`],
    [
      'with an escaped letter (RFC 3986 section 6.2.2.2)',
      (path: string) => path.replace('w', '%77').replace('b', '%62'),
    ],
  ])('decides the same if its path is written %s', async (_how, spell) => {
    const { method, target, ...rest } = await validRequest(server, operation)
    const valid = await sendRaw(server.url, { method, target: spell(target), ...rest })
    // a server may not know such a notation, and then must respond the same to every such request
    if (valid.status === 404) return expectRefusal(operation.dialect, valid, 404)
    expect(valid.status, valid.body).toBe(200)
    await expectRefused(operation.dialect, spell(pathOf(operation)), 405, 'PATCH')
    if (operation.methods[0] !== 'POST') return
    const large = { method, target: spell(target), ...rest, body: Buffer.alloc(70_000, ' ') }
    expectRefusal(operation.dialect, await sendRaw(server.url, large), 413)
  })
})
