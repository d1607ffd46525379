import { randomBytes } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isSecretName } from '@hallpass/contracts/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme, live } from './support/fixtures/fixture.js'
import { endpoints, type HeaderList, headersFor, validRequest } from './support/http/endpoints.js'
import { sendBytes, sendRaw } from './support/http/raw-http.js'
import { parityFixture, parityKeys } from './support/parity/parity-inputs.js'
import { type Served, serve, writeFixture } from './support/servers/child-process.js'
import type { TestServer } from './support/servers/in-process-server.js'
import { remoteServer } from './support/servers/remote-server.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'
import { startTraceCollector, type TraceCollector } from './support/servers/trace-collector.js'
import { startReceiver } from './support/servers/webhook-receiver.js'

const masterKey = randomBytes(32)

/** Every secret that must not be readable anywhere, and where it came from. */
const secrets = new Map<string, string>()

let collector: TraceCollector
let receiver: Awaited<ReturnType<typeof startReceiver>>
let folder: Awaited<ReturnType<typeof temporaryFolder>>
let served: Served
let server: TestServer
beforeAll(async () => {
  folder = await temporaryFolder()
  collector = await startTraceCollector()
  receiver = await startReceiver()
  const fixture = await writeFixture(folder.path, 'fixture.json', parityFixture)
  const flags = {
    'database-url': 'file:./x.db',
    fixture,
    'log-level': 'trace',
    'local-issuers': 'on',
    profile: 'sandbox',
  }
  const env = { HALLPASS_MASTER_KEY: masterKey.toString('base64url'), ...collector.env }
  served = await serve({ cwd: folder.path, flags, env })
  server = remoteServer(served.url, note)
  for (const { api_keys } of parityFixture.accounts) {
    for (const { secret } of api_keys) if (secret !== undefined) secrets.set(secret, 'fixture')
  }
  secrets.set(masterKey.toString('base64url'), 'master key')
  // hears of everything that the script does
  const webhook = { url: receiver.url, event_types: ['*'] }
  note(await (await server.postAsAcme('/v1/admin/webhooks', webhook)).text())
  await script()
})
afterAll(async () => {
  await served.stop('SIGKILL')
  await collector.stop()
  await receiver.stop()
  await folder.remove()
})

/** Remembers every secret of a response. */
function note(text: string): void {
  const visit = (value: unknown, name = ''): void => {
    if (typeof value === 'string' && isSecretName(name) && value.length > 8) secrets.set(value, name)
    if (typeof value === 'object' && value !== null)
      for (const [key, member] of Object.entries(value)) visit(member, key)
  }
  try {
    visit(JSON.parse(text))
  } catch {
    // a phrase of the visitor endpoints that contains no token
  }
}

function secret(name: string): string {
  const value = `${name}-${randomBytes(12).toString('hex')}`
  secrets.set(value, name)
  return value
}

/**
 * Calls every operation at every endpoint, successfully and not, and puts secrets in every place where they don't
 * belong.
 */
async function script(): Promise<void> {
  for (const operation of endpoints) {
    const key: HeaderList = operation.idempotency ? [['Idempotency-Key', secret('idem')]] : []
    const request = await validRequest(server, operation)
    const traced: HeaderList = [
      ['traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
      ['tracestate', `vendor=${secret('tracestate')}`],
      ['baggage', `user=${secret('baggage')}`],
    ]
    const headers: HeaderList = [...request.headers, ...key, ...traced]
    const done = await sendRaw(served.url, { ...request, headers })
    if (done.status !== 200) throw new Error(`${operation.id} answered ${done.status}: ${done.body}`)
    note(done.body)
    await sendRaw(served.url, { ...request, headers })
    await sendRaw(served.url, {
      ...request,
      headers: [...key, ['Content-Type', 'application/json'], ['Authorization', `Bearer ${secret('unknown-key')}`]],
    })
    await sendRaw(served.url, { ...request, headers, body: `{"${secret('half-json')}` })
    await sendRaw(served.url, { ...request, headers, body: JSON.stringify({ [secret('field')]: secret('value') }) })
    await sendRaw(served.url, { ...request, headers, body: secret('large').repeat(2000) })
    await sendRaw(served.url, {
      ...request,
      target: `${request.target}${request.target.includes('?') ? '&' : '?'}token=${secret('query')}`,
    })
    await sendRaw(served.url, {
      ...request,
      target: `${request.target}/${secret('path')}?access_token=${secret('query')}`,
    })
    await trpc(operation.id, headersFor(operation))
  }
  await sendRaw(served.url, {
    method: 'GET',
    target: `/v1/cards/${secret('card')}/widget_token?widget_type=${secret('type')}`,
    headers: [['Authorization', `Bearer ${acme.key}`]],
  })
  await sendRaw(served.url, { method: 'GET', target: `/%zz${secret('bad-url')}` })
  await sendRaw(served.url, {
    method: 'PUT',
    target: `/v1/bridge/initialize?${secret('query')}`,
    headers: [['Authorization', `Bearer ${secret('key')}`]],
  })
  await sendRaw(served.url, {
    method: 'GET',
    target: `http://${secret('user')}:${secret('password')}@hallpass.test/health/live`,
  })
  await sendRaw(served.url, {
    method: 'GET',
    target: '/health/live',
    headers: [
      ['Cookie', secret('cookie')],
      ['X-Api-Key', secret('header')],
    ],
  })
  await sendBytes(served.url, `${secret('garbage')}\r\n\r\n`)
  await sendBytes(served.url, `GET /${secret('long')}${'x'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`)
}

async function trpc(id: string, headers: HeaderList): Promise<void> {
  const { body } = await sendRaw(served.url, {
    method: 'POST',
    target: `/trpc/${id}`,
    headers: [...headers, ['Content-Type', 'application/json']],
    body: JSON.stringify({ token: secret('trpc') }),
  })
  note(body)
  const input = encodeURIComponent(JSON.stringify({ client_key: secret('trpc-query') }))
  await sendRaw(served.url, { method: 'GET', target: `/trpc/${id}?input=${input}`, headers })
  await sendRaw(served.url, { method: 'POST', target: `/trpc/${secret('procedure')}`, headers, body: '{}' })
}

/** Every readable encoding of a secret. */
const spellings = (value: string) => {
  const bytes = Buffer.from(value)
  return [
    value,
    encodeURIComponent(value),
    bytes.toString('hex'),
    bytes.toString('base64'),
    bytes.toString('base64url'),
  ]
}

/** Where a text contains readable secrets. The signature alone is enough to find a JWT. */
function leaks(text: string): string[] {
  return [...secrets].flatMap(([value, name]) => {
    const signature = /^[\w-]+\.[\w-]+\.([\w-]+)$/.exec(value)?.[1]
    const found = [...spellings(value), ...(signature ? [signature] : [])].some((spelling) => text.includes(spelling))
    return found ? [`${name}: ${value.slice(0, 24)}`] : []
  })
}

const databaseFiles = async () => (await readdir(folder.path)).filter((name) => name.startsWith('x.db'))
const contentOf = async (name: string) => (await readFile(join(folder.path, name))).toString('latin1')

describe('after every operation has both succeeded and been refused, with the log level trace', () => {
  test('there are secrets to look for and texts to search', async () => {
    const kinds = new Set(secrets.values())
    const some = ['fixture', 'bridge_token', 'token', 'refresh_token', 'widget_token', 'ticket', 'secret', 'idem']
    for (const kind of some) expect(kinds).toContain(kind)
    expect(secrets.size).toBeGreaterThan(200)
    expect(await databaseFiles()).toEqual(expect.arrayContaining(['x.db', 'x.db-wal']))
    expect(served.stderr().split('\n').length).toBeGreaterThan(200)
  })

  test('neither the database file nor its write-ahead log contains any of them', async () => {
    for (const name of await databaseFiles()) expect(leaks(await contentOf(name)), name).toEqual([])
  })

  test('the log contains none of them, no URL and no query', () => {
    expect(leaks(served.stderr())).toEqual([])
    expect(served.stderr()).not.toMatch(/access_token=|widget_type=|[?&]token=/)
  })

  test('the log is JSON, one object per line, and names each request', () => {
    const lines = served
      .stderr()
      .trim()
      .split('\n')
      .map((line): unknown => JSON.parse(line))
    const requests = lines.filter((line) => (line as { request_id?: string }).request_id !== undefined)
    expect(requests.length).toBeGreaterThan(200)
    expect(requests).toContainEqual(expect.objectContaining({ status: 200, request_id: expect.any(String) }))
    expect(requests).toContainEqual(expect.objectContaining({ status: 401, reason: 'unauthenticated' }))
  })

  test('no webhook contains any of them, in its headers or its body', () => {
    const types = new Set(receiver.got.map(({ event }) => event.type))
    for (const type of ['session.began', 'session.ended', 'token.minted', 'token.spent', 'api_key.created'])
      expect(types).toContain(type)
    for (const { headers, body } of receiver.got) expect(leaks(JSON.stringify(headers) + body)).toEqual([])
  })

  test('stdout contains one line and none of them', () => {
    expect(served.stdout()).toBe(`hallpass listening on ${served.url}\n`)
  })

  test('contains no private key in any common encoding', async () => {
    const texts = [served.stderr(), ...(await Promise.all((await databaseFiles()).map(contentOf)))]
    for (const text of texts) {
      expect(text).not.toMatch(/PRIVATE KEY|"d"\s*:/)
      // PKCS #8 of an Ed25519 key, as DER and as base64 (RFC 8410 section 7)
      expect(text).not.toContain(Buffer.from('302e020100300506032b657004220420', 'hex').toString('latin1'))
      expect(text).not.toContain('MC4CAQAwBQYDK2VwBCIEI')
      expect(text).not.toContain(masterKey.toString('latin1'))
    }
  })

  test('still holds after the server has stopped and the write-ahead log was merged', async () => {
    expect(await served.stop()).toMatchObject({ code: 0 })
    for (const name of await databaseFiles()) expect(leaks(await contentOf(name)), name).toEqual([])
    expect(leaks(served.stderr())).toEqual([])
  })

  test('no span contains any of them', () => {
    // the last ones were sent when the server stopped
    const spans = collector.spans()
    expect(spans.length).toBeGreaterThan(1_000)
    for (const { id } of endpoints) expect(spans.map(({ name }) => name)).toContain(id)
    expect(leaks(collector.text())).toEqual([])
    expect(collector.text()).not.toMatch(/access_token=|widget_type=|[?&]token=/)
  })

  test('the search does find readable secrets', async () => {
    const fixture = await contentOf('fixture.json')
    for (const key of [acme.key, live.key, parityKeys.all]) {
      expect(leaks(fixture).some((leak) => leak.endsWith(key.slice(0, 24)))).toBe(true)
    }
    expect(leaks(Buffer.from(acme.key).toString('base64'))).not.toEqual([])
  })
})
