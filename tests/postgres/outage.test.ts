import { randomBytes } from 'node:crypto'
import { createServer, loadConfig } from '@hallpass/server'
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest'
import { type Postgres, startPostgres } from '../support/postgres.js'
import { acme, fixture } from '../system/support/fixtures/fixture.js'
import { cardPath, mintCardToken, paths } from '../system/support/fixtures/mint.js'
import { bearer, type TestServer } from '../system/support/servers/in-process-server.js'
import { expectBelow } from '../system/support/time/slowness.js'
import { startReplicas } from './support/replicas.js'

/** The limit for every call, regardless of the state of the database. */
const responseMilliseconds = 5_000
const back = { timeout: 20_000, interval: 50 }

let postgres: Postgres
let databaseUrl: string
beforeAll(async () => {
  postgres = await startPostgres()
  databaseUrl = await postgres.createDatabase()
})
afterAll(() => postgres.remove())

const mint = (url: string) => fetch(url + cardPath(acme.activeCard, 'REVEAL'), { headers: bearer(acme.key) })

async function expectUnavailable(url: string): Promise<void> {
  const asked = performance.now()
  const response = await mint(url)
  expect(response.status).toBe(503)
  expectBelow(performance.now() - asked, responseMilliseconds)
  expect(Number(response.headers.get('Retry-After'))).toBeGreaterThanOrEqual(1)
  expect((await fetch(`${url}/health/ready`)).status).toBe(503)
  for (const path of ['/health/live', '/.well-known/jwks.json', '/.well-known/oauth-authorization-server']) {
    expect((await fetch(url + path)).status, path).toBe(200)
  }
}

const expectBack = (url: string) =>
  vi.waitFor(async () => {
    expect((await mint(url)).status).toBe(200)
    expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  }, back)

describe('a server whose PostgreSQL', () => {
  let server: TestServer
  beforeAll(async () => {
    const replicas = await startReplicas(databaseUrl, { count: 1 })
    server = replicas.at(0)
  })
  afterAll(() => server.stop())

  /** A token from before the outage can be spent once after it. */
  async function expectSpentOnce(widget_token: string): Promise<void> {
    const redeem = () => server.postAsAcme(paths.redeem, { widget_token, widget_type: 'REVEAL' })
    expect([(await redeem()).status, (await redeem()).status]).toEqual([200, 422])
  }

  test('stops: 503 with Retry-After until it is back, and then recovers by itself', async () => {
    const token = await mintCardToken(server)
    await postgres.stop()
    await expectUnavailable(server.url)
    await postgres.start()
    await expectBack(server.url)
    await expectSpentOnce(token)
  })

  test('freezes (SIGSTOP): 503 within 5 s, and then recovers by itself', async () => {
    const token = await mintCardToken(server)
    await postgres.pause()
    await expectUnavailable(server.url)
    postgres.resume()
    await expectBack(server.url)
    await expectSpentOnce(token)
  })
})

function start(url: string) {
  const config = loadConfig({ port: '0', 'database-url': url, 'log-level': 'silent' }, {})
  return createServer({ ...config, masterKey: randomBytes(32) }, { fixture, noticeMilliseconds: 0 })
}

test('a server that starts before its PostgreSQL responds with 503 until the database is up', async () => {
  const url = await postgres.createDatabase()
  await postgres.stop()
  const server = await start(url)
  onTestFinished(server.stop)
  expect((await mint(server.url)).status).toBe(503)
  expect((await fetch(`${server.url}/health/ready`)).status).toBe(503)
  const metrics = await (await fetch(`${server.url}/metrics`)).text()
  expect(metrics).toContain('hallpass_database_errors_total 1')
  await postgres.start()
  await server.ready
  await expectBack(server.url)
})

test('does not wait for a database that does not exist or rejects its user', async () => {
  const url = new URL(databaseUrl)
  await expect(start(Object.assign(new URL(url), { pathname: '/none' }).href)).rejects.toThrow(
    'database "none" does not exist',
  )
  await expect(start(Object.assign(new URL(url), { password: 'wrong' }).href)).rejects.toThrow(
    'password authentication failed',
  )
})
