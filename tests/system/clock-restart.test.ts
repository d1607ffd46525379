import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { backUp, restore } from '@hallpass/server'
import { expect, onTestFinished, test } from 'vitest'

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
import { bearer, startServer, type TestServer } from './support/servers/in-process-server.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

const hour = 3_600_000

test('a revocation after a restart with the clock an hour back ends earlier tokens', async () => {
  const folder = await temporaryFolder()
  onTestFinished(folder.remove)
  const databaseUrl = `file:${join(folder.path, 'hallpass.db')}`
  const config = { databaseUrl, masterKey: randomBytes(32), publicUrl: 'https://pass.example' }
  let back = 0
  const hostClock = { now: () => Date.now() - back, random: randomBytes }
  const start = () => startServer({ config, fixture: fixtureWithHost, hostClock })
  const mint = async (server: TestServer) => {
    const { token, refresh_token } = await mintGuest(server)
    return [token, refresh_token, await mintBridgeToken(server), await mintCardToken(server)]
  }
  const activeOf = async (server: TestServer, tokens: string[]) =>
    Promise.all(tokens.map(async (token) => (await introspect(server, token)).active))

  const first = await start()
  const before = await mint(first)
  await first.stop()
  back = hour
  const second = await start()
  onTestFinished(second.stop)
  expect((await second.get('/health/ready')).status).toBe(503)
  expect(await activeOf(second, before)).toEqual([true, true, true, true])
  expect((await second.post('/v1/admin/sessions/revoke', { account: true }, bearer(hostKey))).status).toBe(200)
  expect(await activeOf(second, before)).toEqual([false, false, false, false])
  const after = await mint(second)
  back = 0
  expect((await second.get('/health/ready')).status).toBe(200)
  expect(await activeOf(second, before)).toEqual([false, false, false, false])
  expect(await activeOf(second, after)).toEqual([true, true, true, true])
  expect((await refresh(second, after[1] ?? '')).status).toBe(200)
})

test('restore --force over a database an hour ahead ends its tokens but not new ones', async () => {
  const folder = await temporaryFolder()
  onTestFinished(folder.remove)
  const databaseUrl = `file:${join(folder.path, 'hallpass.db')}`
  const masterKey = randomBytes(32)
  const config = { databaseUrl, masterKey, publicUrl: 'https://pass.example' }
  const host = {
    flags: { 'database-url': databaseUrl },
    env: { HALLPASS_MASTER_KEY: masterKey.toString('base64url') },
  }
  const start = async (ahead: number) => {
    const hostClock = { now: () => Date.now() + ahead, random: randomBytes }
    const server = await startServer({ config, fixture: fixtureWithHost, hostClock })
    onTestFinished(server.stop)
    return server
  }
  const first = await start(0)
  await mintGuest(first)
  await first.stop()
  const backup = join(folder.path, 'backup.db')
  await backUp(host, backup)

  const ahead = await start(hour)
  const spent = await mintUserToken(ahead)
  expect((await ahead.postFromShop(paths.exchange, { token: spent })).status).toBe(200)
  const tokens = [await mintBridgeToken(ahead), (await mintGuest(ahead)).token]
  await ahead.stop()
  const { restored_at } = await restore(host, backup, { force: true })
  expect(Date.parse(restored_at)).toBeGreaterThan(Date.now() + hour - 60_000)

  const last = await start(0)
  expect((await last.get('/health/ready')).status).toBe(503)
  expect((await last.postFromShop(paths.exchange, { token: spent })).status).toBe(400)
  for (const token of tokens) expect(await introspect(last, token)).toEqual({ active: false })
  const { token, refresh_token } = await mintGuest(last)
  expect(await introspect(last, token)).toMatchObject({ active: true })
  expect((await refresh(last, refresh_token)).status).toBe(200)
})
