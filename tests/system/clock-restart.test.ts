import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { introspect, mintBridgeToken, mintCardToken, mintGuest, refresh } from './support/fixtures/mint.js'
import { bearer, startServer, type TestServer } from './support/servers/in-process-server.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

const hour = 3_600_000

test('a revocation after a restart with the clock an hour back ends what was minted before', async () => {
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
