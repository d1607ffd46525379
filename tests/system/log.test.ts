import { randomBytes } from 'node:crypto'
import { Writable } from 'node:stream'
import { createServer, type HallpassServer, loadConfig } from '@hallpass/server'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme, fixture } from './support/fixtures/fixture.js'
import { paths } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { createLog } from './support/servers/server-parts.js'

const lines: Record<string, unknown>[] = []
const stream = () =>
  new Writable({
    write(chunk: Buffer, _, done) {
      lines.push(JSON.parse(chunk.toString()))
      done()
    },
  })
/** The server also logs what it does by itself. */
const lastRequest = () => lines.findLast(({ method }) => method !== undefined)
let server: HallpassServer
beforeAll(async () => {
  const env = { HALLPASS_MASTER_KEY: randomBytes(32).toString('base64url') }
  const config = loadConfig({ port: '0', 'database-url': ':memory:' }, env)
  server = await createServer(config, { log: pino({ base: null }, stream()), fixture, noticeMilliseconds: 0 })
})
afterAll(() => server.stop())

describe('the log', () => {
  test('says at start what runs', () => {
    const issuer = expect.stringMatching(/^http:/)
    const started = {
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      issuer,
      database: ':memory:',
      node: process.version,
    }
    expect(lines.find(({ msg }) => msg === 'The server listens.')).toMatchObject(started)
    lines.length = 0
  })

  test.each(['/v1/bridge/initialize', '/trpc/bridge.initialize'])(
    'contains why a call at %s was refused',
    async (path) => {
      const headers = { 'Content-Type': 'application/json', 'Request-Id': `call to ${path}` }
      const response = await fetch(server.url + path, { method: 'POST', headers, body: '{}' })
      expect(response.status).toBe(401)
      await expect.poll(lastRequest).toMatchObject({ method: 'POST', status: 401, reason: 'unauthenticated' })
      expect(JSON.stringify(lines)).not.toContain('call to')
      lines.length = 0
    },
  )

  test('names the operation and the account of each request, also of a batch', async () => {
    const post = async (path: string, body: object) => {
      const headers = { 'Content-Type': 'application/json', ...bearer(acme.key) }
      await fetch(server.url + path, { method: 'POST', headers, body: JSON.stringify(body) })
    }
    const input = { customer_id: acme.customer }
    const bridge = { operation: 'bridge.initialize', account: acme.account }
    await post(paths.bridge, input)
    await expect.poll(lastRequest).toMatchObject({ status: 200, ...bridge })
    await post(paths.bridge, { customer_id: 'unknown' })
    await expect.poll(lastRequest).toMatchObject({ reason: expect.any(String), ...bridge })
    await post('/trpc/bridge.initialize,bridge.initialize,tokens.redeem?batch=1', { 0: input, 1: input })
    await expect.poll(lastRequest).toMatchObject({ status: 207, account: acme.account })
    expect(String(lastRequest()?.operation)).toMatch(
      /^(bridge\.initialize,tokens\.redeem|tokens\.redeem,bridge\.initialize)$/,
    )
    expect(JSON.stringify(lines)).not.toContain(acme.key)
    lines.length = 0
  })

  test('contains the cause of a failure, but nothing of the rows involved', () => {
    const database = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (secret_hash)=(abc)' })
    const failure = new Error('the store is gone', { cause: database })
    createLog({ logLevel: 'info' }, stream()).warn({ cause: failure }, 'sweeping failed')
    const cause = { message: 'duplicate key', code: '23505', stack: expect.stringContaining('log.test.ts') }
    expect(lines.at(-1)).toMatchObject({ msg: 'sweeping failed', cause: { message: 'the store is gone', cause } })
    expect(JSON.stringify(lines.at(-1))).not.toContain('secret_hash')
  })
})
