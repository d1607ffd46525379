import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { createServer as createHttpServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { createServer, type HallpassServer, loadConfig } from '@hallpass/server'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme, fixture } from './support/fixtures/fixture.js'
import { paths } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

const path = '/secret-scanning/github'
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const otherKey = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
const weak = generateKeyPairSync('ec', { namedCurve: 'secp256k1' })
const pem = (key: typeof publicKey) => key.export({ type: 'spki', format: 'pem' })
const list = JSON.stringify({
  public_keys: [
    { key_identifier: 'good', key: pem(publicKey), is_current: true },
    { key_identifier: 'weak', key: pem(weak.publicKey), is_current: false },
  ],
})

let folder: Awaited<ReturnType<typeof temporaryFolder>>
const servers: HallpassServer[] = []
const logged: string[] = []
beforeAll(async () => {
  folder = await temporaryFolder()
  await writeFile(join(folder.path, 'keys.json'), list)
})
afterAll(async () => {
  for (const server of servers) await server.stop()
  await folder.remove()
})

async function start(flags: Record<string, string>): Promise<HallpassServer> {
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      logged.push(chunk.toString())
      done()
    },
  })
  const config = loadConfig({ port: '0', 'database-url': ':memory:', ...flags }, { HALLPASS_MASTER_KEY: masterKey })
  const server = await createServer(config, { fixture, log: pino({ base: null }, stream), noticeMilliseconds: 0 })
  servers.push(server)
  return server
}
const masterKey = randomBytes(32).toString('base64url')
const withFile = (more = {}) => start({ 'secret-scanning-keys': join(folder.path, 'keys.json'), ...more })

const match = (token: string, more = {}) => ({
  ...{ token, type: 'hallpass_secret_key', url: 'https://github.com/octocat/x/blob/1/a.txt', source: 'content' },
  ...more,
})
const signed = (body: string, key = privateKey) => sign('sha256', Buffer.from(body), key).toString('base64')

async function report(server: HallpassServer, body: string, headers: Record<string, string> = {}) {
  const sent = {
    'Content-Type': 'application/json',
    'Github-Public-Key-Identifier': 'good',
    'Github-Public-Key-Signature': signed(body),
    ...headers,
  }
  const response = await fetch(server.url + path, { method: 'POST', headers: sent, body })
  return { status: response.status, text: await response.text() }
}

const statusOf = async (server: HallpassServer, key = acme.key) =>
  (
    await fetch(server.url + paths.introspect, {
      method: 'POST',
      headers: bearer(key),
      body: new URLSearchParams({ token: 'x' }),
    })
  ).status

describe('a server without public keys for secret scanning', () => {
  test('404 for a report', async () => {
    const server = await start({})
    expect((await report(server, JSON.stringify([match(acme.key)]))).status).toBe(404)
  })
})

describe('a server that takes reports', () => {
  let server: HallpassServer
  beforeAll(async () => {
    server = await withFile()
  })

  test('200 with each hash labeled as ours or not, a log line and a history entry', async () => {
    logged.length = 0
    const url = `https://github.com/octocat/x/blob/1/${acme.key}`
    const body = JSON.stringify([match(acme.key, { url }), match('sk_test_unknown')])
    const { status, text } = await report(server, body)
    expect(status).toBe(200)
    const hash = (token: string) => createHash('sha256').update(token).digest('hex')
    expect(JSON.parse(text)).toEqual([
      { token_hash: hash(acme.key), token_type: 'hallpass_secret_key', label: 'true_positive' },
      { token_hash: hash('sk_test_unknown'), token_type: 'hallpass_secret_key', label: 'false_positive' },
    ])
    const [line = '', ...others] = logged.filter((one) => one.includes('secret key was found'))
    expect(JSON.parse(line)).toMatchObject({ level: 40, account_id: acme.account, source: 'content' })
    expect(others).toEqual([])
    expect(logged.join('') + text).not.toContain(acme.key)
    expect(await statusOf(server)).toBe(200)
    const history = await fetch(`${server.url}/v1/admin/audit?limit=1`, { headers: bearer(acme.key) })
    expect(await history.json()).toMatchObject({ data: [{ operation: 'secret_scanning.report' }] })
  })

  test.each([
    ['another key', (body: string) => ({ 'Github-Public-Key-Signature': signed(body, otherKey.privateKey) })],
    ['another body', () => ({ 'Github-Public-Key-Signature': signed('[]') })],
    ['a signature that is not base64', () => ({ 'Github-Public-Key-Signature': '!' })],
    ['an empty signature', () => ({ 'Github-Public-Key-Signature': '' })],
    ['an unknown key', () => ({ 'Github-Public-Key-Identifier': 'other' })],
    [
      'a key on another curve',
      (body: string) => ({
        'Github-Public-Key-Identifier': 'weak',
        'Github-Public-Key-Signature': signed(body, weak.privateKey),
      }),
    ],
  ])('401 for %s', async (_, headersOf) => {
    const body = JSON.stringify([match(acme.key)])
    logged.length = 0
    expect((await report(server, body, headersOf(body))).status).toBe(401)
    expect(logged.join('')).not.toContain('secret key was found')
  })

  test.each([
    ['no JSON', 'x'],
    ['no list', '{}'],
    ['an empty list', '[]'],
    ['no token', '[{"type":"x"}]'],
  ])('400 for a signed body that is %s', async (_, body) => {
    expect((await report(server, body)).status).toBe(400)
  })

  test('413 for a signed body beyond the limit, and 200 for a thousand matches within it', async () => {
    expect((await report(server, `[${'"x",'.repeat(70_000)}"x"]`)).status).toBe(413)
    const many = JSON.stringify(Array.from({ length: 1_000 }, (_, i) => ({ token: `sk_test_${i}`, type: 't' })))
    expect((await report(server, many)).status).toBe(200)
    const tooMany = JSON.stringify(Array.from({ length: 1_001 }, (_, i) => ({ token: `sk_test_${i}`, type: 't' })))
    expect((await report(server, tooMany)).status).toBe(400)
  })

  test('405 for a GET', async () => {
    expect((await fetch(server.url + path)).status).toBe(405)
  })
})

describe('a server that disables leaked keys', () => {
  test('the key stops working at once, and repeating the report changes nothing', async () => {
    const server = await withFile({ 'secret-scanning-action': 'disable' })
    const body = JSON.stringify([match(acme.key)])
    expect(await statusOf(server)).toBe(200)
    expect((await report(server, body)).text).toContain('true_positive')
    expect(await statusOf(server)).toBe(401)
    logged.length = 0
    expect((await report(server, body)).text).toContain('true_positive')
    expect(logged.join('')).not.toContain('secret key was found')
  })
})

describe('public keys at a URL', () => {
  test('are fetched if a report names an unknown one, but not again for the same name', async () => {
    let fetched = 0
    const keys = createHttpServer((_, response) => {
      fetched++
      response.end(list)
    })
    await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve))
    try {
      const { port } = keys.address() as AddressInfo
      const server = await start({ 'secret-scanning-keys': `http://127.0.0.1:${port}/keys` })
      const body = JSON.stringify([match('sk_test_unknown')])
      expect(fetched).toBe(0)
      const named = (name: string) => report(server, body, { 'Github-Public-Key-Identifier': name })
      expect((await named('good')).status).toBe(200)
      for (let i = 0; i < 20; i++) expect((await named(`other-${i}`)).status).toBe(401)
      expect(fetched).toBe(1)
    } finally {
      keys.close()
    }
  })

  test('must be https or on this machine', () => {
    expect(() => loadConfig({ 'secret-scanning-keys': 'http://keys.example/list' }, {})).toThrow('https')
  })
})

test.each([
  ['no JSON', 'x'],
  ['without a key on P-256', '{"public_keys":[]}'],
])('a file that is %s refuses the start', async (_, text) => {
  await writeFile(join(folder.path, 'broken.json'), text)
  await expect(start({ 'secret-scanning-keys': join(folder.path, 'broken.json') })).rejects.toThrow('secret scanning')
})
