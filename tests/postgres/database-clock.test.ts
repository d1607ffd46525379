import { randomBytes } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { WidgetSession } from '@hallpass/contracts'
import { describe, expect, inject, type TestContext, test } from 'vitest'
import { createDatabase } from '../support/postgres.js'
import { fixtureWithHost, hostKey } from '../system/support/fixtures/host-key.js'
import {
  bodyOf,
  introspect,
  mintBridgeToken,
  mintCardToken,
  mintGuest,
  refresh,
} from '../system/support/fixtures/mint.js'
import { bearer, startServer, type TestServer } from '../system/support/servers/in-process-server.js'
import { makeClockSettable } from './support/settable-clock.js'

/* A replica runs, the database's clock is set, and another replica starts next to it. */

const hour = 3_600_000
const off = (milliseconds: number) => ({ now: () => Date.now() + milliseconds, random: randomBytes })

async function startBoth(
  { onTestFinished }: TestContext,
  by: number,
  { ownClock = 0 } = {},
): Promise<[running: TestServer, started: TestServer]> {
  const databaseUrl = await createDatabase(inject('postgres'))
  const setClock = await makeClockSettable(databaseUrl)
  const config = { databaseUrl, publicUrl: 'https://pass.example', masterKey: randomBytes(32) }
  const start = async (hostClock: ReturnType<typeof off>) => {
    const server = await startServer({ config, fixture: fixtureWithHost, hostClock })
    onTestFinished(server.stop)
    return server
  }
  const running = await start(off(0))
  await mintGuest(running)
  await setClock(by)
  // the first replica records its time and reads the new one, once a second each, or later on a busy machine
  await delay(4_000)
  return [running, await start(off(ownClock))]
}

const isReady = async (server: TestServer) => (await server.get('/health/ready')).status === 200
const isActive = async (server: TestServer, token: string) => (await introspect(server, token)).active
const endAll = async (server: TestServer) => {
  expect((await server.post('/v1/admin/sessions/revoke', { account: true }, bearer(hostKey))).status).toBe(200)
}

async function mint(server: TestServer): Promise<string[]> {
  const { token, refresh_token } = await mintGuest(server)
  const next = await bodyOf<WidgetSession>(await refresh(server, refresh_token))
  return [token, next.token, next.refresh_token, await mintBridgeToken(server), await mintCardToken(server)]
}

async function expectAll(servers: readonly TestServer[], tokens: readonly string[], active: boolean) {
  for (const server of servers) {
    const states = await Promise.all(tokens.map((token) => isActive(server, token)))
    expect(states).toEqual(tokens.map(() => active))
  }
}

// these mostly wait, so they run at the same time
describe.concurrent.each([
  ['20 s ahead', 20_000],
  ['20 s behind', -20_000],
  ['an hour ahead', hour],
  ['an hour behind', -hour],
])('a replica that starts on a database whose clock is %s', (_, by) => {
  test('adopts the time of the other replica: revocations hold, and new sessions work', async (context) => {
    const both = await startBoth(context, by)
    const [running, started] = both
    const ready = Math.abs(by) < 30_000
    for (const server of both) expect(await isReady(server)).toBe(ready)
    for (const [minting, revoking] of [
      [started, running],
      [running, started],
    ] as const) {
      const before = await mint(minting)
      await expectAll(both, before, true)
      await endAll(revoking)
      await expectAll(both, before, false)
      await delay(20)
      for (const server of both) await expectAll(both, await mint(server), true)
    }
  })
})

test.concurrent('a replica whose clock matches a database an hour ahead adopts it, and revocations cover it', async (context) => {
  const both = await startBoth(context, hour, { ownClock: hour })
  const [running, started] = both
  await expect.poll(() => isReady(started)).toBe(true)
  expect(await isReady(running)).toBe(false)
  const older = await mint(running)
  for (const wait of [0, 1_700]) {
    await delay(wait)
    const before = [...older, ...(await mint(started))]
    await endAll(running)
    await expectAll(both, before, false)
    await delay(20)
    // the first replica isn't ready, and tokens of the other one are valid
    await expectAll([started], await mint(started), true)
  }
})
