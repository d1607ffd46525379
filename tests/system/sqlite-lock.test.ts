import { join } from 'node:path'
import { pino } from 'pino'
import { expect, onTestFinished, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { cardPath, paths } from './support/fixtures/mint.js'
import { bearer, startServer } from './support/servers/in-process-server.js'
import { openSqlite, sql } from './support/servers/server-parts.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'
import { expectBelow, startTimeLimit } from './support/time/slowness.js'

async function timed(call: Promise<Response>) {
  const began = performance.now()
  const response = await call
  return { status: response.status, headers: response.headers, milliseconds: performance.now() - began }
}

test('503 for writes within 5 s while another program holds the write lock; all else goes on', async () => {
  const folder = await temporaryFolder()
  onTestFinished(folder.remove)
  const path = join(folder.path, 'hallpass.db')
  const messages: string[] = []
  const stream = { write: (line: string) => void messages.push(JSON.parse(line).msg) }
  const server = await startServer({ config: { databaseUrl: `file:${path}` }, log: pino({}, stream) })
  onTestFinished(server.stop)
  const mint = () => server.get(cardPath(acme.activeCard, 'REVEAL'), bearer(acme.key))
  expect((await mint()).status).toBe(200)

  const other = openSqlite(path)
  onTestFinished(other.close)
  await other.db.transaction().execute(async (held) => {
    await sql`update settings set value = value`.execute(held)
    const expectInTime = startTimeLimit(1_500)
    const writes = Array.from({ length: 20 }, () => timed(mint()))
    const others = await Promise.all([
      server.get('/health/live'),
      server.get('/health/ready'),
      server.postFromShop(paths.guest, { client_key: acme.clientKey }),
      server.postForm(paths.introspect, { token: 'unknown' }),
    ])
    expect(others.map(({ status }) => status)).toEqual([200, 200, 200, 200])
    expectInTime()
    for (const write of await Promise.all(writes)) {
      expect(write.status).toBe(503)
      expect(Number(write.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1)
      expectBelow(write.milliseconds, 5_000)
    }
  })
  expect((await mint()).status).toBe(200)
  expect(messages.filter((message) => message === 'The database is back.')).toHaveLength(1)
})
