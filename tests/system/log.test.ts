import { Writable } from 'node:stream'
import { createServer, type HallpassServer, loadConfig } from '@hallpass/server'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const lines: Record<string, unknown>[] = []
let server: HallpassServer
beforeAll(async () => {
  const stream = new Writable({
    write(chunk: Buffer, _, done) {
      lines.push(JSON.parse(chunk.toString()))
      done()
    },
  })
  const config = loadConfig({ port: '0', 'database-url': ':memory:' }, {})
  server = await createServer(config, { log: pino({ base: null }, stream), noticeMilliseconds: 0 })
})
afterAll(() => server.stop())

describe('the log', () => {
  test.each(['/v1/bridge/initialize', '/trpc/bridge.initialize'])('says why a call at %s was refused', async (path) => {
    const headers = { 'Content-Type': 'application/json', 'Request-Id': `call to ${path}` }
    const response = await fetch(server.url + path, { method: 'POST', headers, body: '{}' })
    expect(response.status).toBe(401)
    await expect.poll(() => lines.at(-1)).toMatchObject({ method: 'POST', status: 401, reason: 'unauthenticated' })
    expect(JSON.stringify(lines)).not.toContain('call to')
    lines.length = 0
  })
})
