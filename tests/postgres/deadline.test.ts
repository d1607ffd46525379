import { connect } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { expect, inject, onTestFinished, test } from 'vitest'
import { hasPgBouncer, startPgBouncer } from '../support/pgbouncer.js'
import type { PostgresAddress } from '../support/postgres.js'
import { acme } from '../system/support/fixtures/fixture.js'
import { cardPath } from '../system/support/fixtures/mint.js'
import { bearer, startServer, type TestServer } from '../system/support/servers/in-process-server.js'
import { createMigratedDatabase } from '../system/support/servers/server-parts.js'
import { expectBelow } from '../system/support/time/slowness.js'

const { poolerPort: _, ...postgres } = inject('postgres') as PostgresAddress
const answerMilliseconds = 5_000

interface Answer {
  readonly status: number
  readonly head: string
  readonly milliseconds: number
}

/** A card mint by POST, whose ignored body is sent slowly. The time counts from the first byte. */
function mint(server: TestServer, sendMilliseconds = 0): Promise<Answer> {
  const { hostname, port } = new URL(server.url)
  const socket = connect(Number(port), hostname)
  const began = performance.now()
  const head = `POST ${cardPath(acme.activeCard, 'REVEAL')} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n`
  socket.write(
    `${head}Authorization: Bearer ${acme.key}\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{`,
  )
  void delay(sendMilliseconds).then(() => socket.write('}'))
  return new Promise((resolve, reject) => {
    let text = ''
    socket.on('data', (bytes) => {
      text += bytes
    })
    socket.on('error', reject)
    socket.on('close', () =>
      resolve({ status: Number(text.split(' ')[1]), head: text, milliseconds: performance.now() - began }),
    )
  })
}

test.each([
  ['directly', false],
  ['through PgBouncer', true],
] as const)('%s: 503 within 5 s if the pool, a lock and a slow client add up', async (_how, isPooled) => {
  if (isPooled && !hasPgBouncer) return
  const directUrl = Object.assign(new URL(await createMigratedDatabase()), {
    port: new URL(postgres.adminUrl).port,
  }).href
  const pooler = isPooled ? await startPgBouncer(postgres, 'transaction') : undefined
  if (pooler) onTestFinished(() => pooler.stop())
  const databaseUrl = pooler ? pooler.through(directUrl) : directUrl
  const server = await startServer({
    config: { databaseUrl, databaseDirectUrl: undefined, databaseConnections: 1, publicUrl: 'https://pass.example' },
  })
  onTestFinished(server.stop)
  const usual = await server.get(cardPath(acme.activeCard, 'REVEAL'), bearer(acme.key))
  expect(usual.status).toBe(200)

  const locker = new pg.Client({ connectionString: directUrl })
  await locker.connect()
  await locker.query('begin; lock table card_tokens, rate_limits in access exclusive mode')
  // the first ones hold the only connection until PostgreSQL ends their statements, and the others wait for it
  const answers = await Promise.all([...Array.from({ length: 8 }, () => mint(server)), mint(server, 3_000)])
  for (const { status, head, milliseconds } of answers) {
    expect(status).toBe(503)
    expect(head).toMatch(/retry-after: \d/i)
    expectBelow(milliseconds, answerMilliseconds)
  }
  await locker.query('rollback')
  await locker.end()
  await expect
    .poll(async () => (await server.get(cardPath(acme.activeCard, 'REVEAL'), bearer(acme.key))).status)
    .toBe(200)
})
