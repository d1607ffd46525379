import { Writable } from 'node:stream'
import { createServer, type HallpassServer, loadConfig } from '@hallpass/server'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createLog } from './support/servers/server-parts.js'

const lines: Record<string, unknown>[] = []
const stream = () =>
  new Writable({
    write(chunk: Buffer, _, done) {
      lines.push(JSON.parse(chunk.toString()))
      done()
    },
  })
let server: HallpassServer
beforeAll(async () => {
  const config = loadConfig({ port: '0', 'database-url': ':memory:' }, {})
  server = await createServer(config, { log: pino({ base: null }, stream()), noticeMilliseconds: 0 })
})
afterAll(() => server.stop())

describe('the log', () => {
  test.each(['/v1/bridge/initialize', '/trpc/bridge.initialize'])(
    'contains why a call at %s was refused',
    async (path) => {
      const headers = { 'Content-Type': 'application/json', 'Request-Id': `call to ${path}` }
      const response = await fetch(server.url + path, { method: 'POST', headers, body: '{}' })
      expect(response.status).toBe(401)
      await expect.poll(() => lines.at(-1)).toMatchObject({ method: 'POST', status: 401, reason: 'unauthenticated' })
      expect(JSON.stringify(lines)).not.toContain('call to')
      lines.length = 0
    },
  )

  test('contains the cause of a failure, but nothing of the rows involved', () => {
    const database = Object.assign(new Error('duplicate key'), { code: '23505', detail: 'Key (secret_hash)=(abc)' })
    const failure = new Error('the store is gone', { cause: database })
    createLog({ logLevel: 'info' }, stream()).warn({ cause: failure }, 'sweeping failed')
    const cause = { message: 'duplicate key', code: '23505', stack: expect.stringContaining('log.test.ts') }
    expect(lines.at(-1)).toMatchObject({ msg: 'sweeping failed', cause: { message: 'the store is gone', cause } })
    expect(JSON.stringify(lines.at(-1))).not.toContain('secret_hash')
  })
})
