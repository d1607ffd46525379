import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { makeClockSettable } from '../postgres/support/settable-clock.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import {
  introspect,
  mintBridgeToken,
  mintCardToken,
  mintGuest,
  mintUserToken,
  paths,
  refresh,
} from './support/fixtures/mint.js'
import { followDrill, readDrill } from './support/servers/follow-drill.js'
import { bearer, startServer, type TestServer } from './support/servers/in-process-server.js'
import { newDatabase, writeDirectly } from './support/servers/new-database.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

/* docs/operations.md describes how to start over after a server ran with a clock far ahead. */

const hour = 3_600_000
const page = 'docs/operations.md'

async function prepare() {
  const folder = await temporaryFolder()
  onTestFinished(folder.remove)
  const databaseUrl = inject('postgres') ? await newDatabase() : `file:${join(folder.path, 'hallpass.db')}`
  const setClock = inject('postgres') ? await makeClockSettable(databaseUrl) : async () => {}
  const masterKey = randomBytes(32)
  const config = { databaseUrl, masterKey, publicUrl: 'https://pass.example' }
  /** Starts a server while every clock is ahead by this much. */
  const start = async (ahead: number) => {
    await setClock(ahead)
    const hostClock = { now: () => Date.now() + ahead, random: randomBytes }
    return startServer({ config, fixture: fixtureWithHost, hostClock })
  }
  const env = { HALLPASS_DATABASE_URL: databaseUrl, HALLPASS_MASTER_KEY: masterKey.toString('base64url') }
  return { databaseUrl, env, start }
}

async function mint(server: TestServer) {
  const { token, refresh_token } = await mintGuest(server)
  const [bridge, card, visitor] = [
    await mintBridgeToken(server),
    await mintCardToken(server),
    await mintUserToken(server),
  ]
  return { token, refresh_token, bridge, card, visitor }
}

async function expectOver(server: TestServer, { card, visitor, ...tokens }: Awaited<ReturnType<typeof mint>>) {
  for (const token of [card, visitor, ...Object.values(tokens)]) {
    expect(await introspect(server, token)).toEqual({ active: false })
  }
  expect((await refresh(server, tokens.refresh_token)).status).toBe(400)
  expect((await server.postFromShop(paths.exchange, { token: visitor })).status).toBe(400)
  const redeem = await server.postAsAcme(paths.redeem, { widget_token: card, widget_type: 'REVEAL' })
  expect(redeem.status).toBeGreaterThanOrEqual(400)
}

async function expectAlive(server: TestServer) {
  expect((await server.get('/health/ready')).status).toBe(200)
  const { refresh_token, ...others } = await mint(server)
  for (const token of Object.values(others)) expect(await introspect(server, token)).toMatchObject({ active: true })
  expect((await refresh(server, refresh_token)).status).toBe(200)
}

test('a server that ran an hour ahead restarts as documented: its old tokens stay invalid', async () => {
  const { databaseUrl, env, start } = await prepare()
  const ahead = await start(hour)
  const before = [await mint(ahead)]
  expect((await ahead.post('/v1/admin/sessions/revoke', { account: true }, bearer(hostKey))).status).toBe(200)
  before.push(await mint(ahead))
  await ahead.stop()
  const waiting = await start(0)
  expect((await waiting.get('/health/ready')).status).toBe(503)
  await waiting.stop()

  followDrill(page, 'replace-keys', env)
  for (const statement of readDrill(page, 'reset-time').trim().split(';').filter(Boolean)) {
    await writeDirectly(databaseUrl, statement)
  }

  const now = await start(0)
  await expectAlive(now)
  for (const tokens of before) await expectOver(now, tokens)
  await now.stop()
  // the time at which they were issued
  const later = await start(hour + 30_000)
  for (const tokens of before) await expectOver(later, tokens)
  await expectAlive(later)
  await later.stop()
}, 60_000)
