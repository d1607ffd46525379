import { randomBytes } from 'node:crypto'
import { decodeJwt } from 'jose'
import { expect, onTestFinished, test } from 'vitest'
import { fixtureWithHost, hostKey } from '../system/support/fixtures/host-key.js'
import {
  introspect,
  mintBridgeToken,
  mintCardToken,
  mintGuest,
  mintUserToken,
  paths,
  refresh,
} from '../system/support/fixtures/mint.js'
import { bearer, type TestServer } from '../system/support/servers/in-process-server.js'
import { newDatabase, openMigrated } from '../system/support/servers/new-database.js'
import { startReplicas } from './support/replicas.js'

const off = (seconds: number) => ({ now: () => Date.now() + seconds * 1000, random: randomBytes })

async function startWith(...seconds: number[]) {
  const hostClocks = seconds.map(off)
  const replicas = await startReplicas(await newDatabase(), { count: seconds.length, hostClocks })
  onTestFinished(replicas.stop)
  return replicas
}

test.each([-33, 33])('a server whose clock is off by %i s is not ready', async (seconds) => {
  const { at } = await startWith(seconds)
  expect((await at(0).get('/health/ready')).status).toBe(503)
})

test("servers with smaller differences use the database's clock", async () => {
  const { at } = await startWith(-25, 25)
  for (const server of [at(0), at(1)]) {
    expect((await server.get('/health/ready')).status).toBe(200)
    const { iat = 0 } = decodeJwt(await mintBridgeToken(server))
    expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(10)
  }
  // their clocks differ by 50 s, and a visitor token lives for 60: each server accepts the other's tokens up to their
  // exact expiry
  for (const [one, other] of [
    [at(0), at(1)],
    [at(1), at(0)],
  ] as const) {
    const redeem = { widget_token: await mintCardToken(one), widget_type: 'REVEAL' }
    expect((await other.postAsAcme(paths.redeem, redeem)).status).toBe(200)
    expect((await other.postFromShop(paths.exchange, { token: await mintUserToken(one) })).status).toBe(200)
  }
})

test("a replica that starts after the database's clock went back continues from the latest time", async () => {
  const url = await newDatabase()
  const { store, close } = await openMigrated(url)
  const latest = Date.now() + 3_600_000
  await store.noteLatestTime(latest)
  await close()
  const replicas = await startReplicas(url, { count: 1 })
  onTestFinished(replicas.stop)
  expect((await replicas.at(0).get('/health/ready')).status).toBe(503)
  const { iat = 0 } = decodeJwt(await mintBridgeToken(replicas.at(0)))
  expect(iat).toBeGreaterThanOrEqual(Math.floor(latest / 1000))
})

const isActive = async (server: TestServer, token: string) => (await introspect(server, token)).active

test.each([3_600_000, -3_600_000])("revocations hold while a replica's own clock jumps by %i ms", async (by) => {
  let jumped = 0
  const jumping = { now: () => Date.now() + 20_000 + jumped, random: randomBytes }
  const url = await newDatabase()
  const replicas = await startReplicas(url, { count: 2, fixture: fixtureWithHost, hostClocks: [jumping, off(-20)] })
  onTestFinished(replicas.stop)
  const [one, other] = [replicas.at(0), replicas.at(1)]
  const revokeFrom = (server: TestServer) =>
    server.post('/v1/admin/sessions/revoke', { account: true }, bearer(hostKey))
  const mint = async () => [(await mintGuest(one)).refresh_token, await mintBridgeToken(one), await mintCardToken(one)]

  jumped = by
  expect((await one.get('/health/ready')).status).toBe(503)
  const during = await mint()
  for (const token of during) expect(await isActive(other, token)).toBe(true)
  jumped = 0
  expect((await one.get('/health/ready')).status).toBe(200)
  expect((await revokeFrom(other)).status).toBe(200)
  for (const token of during) expect([await isActive(one, token), await isActive(other, token)]).toEqual([false, false])

  const after = await mint()
  jumped = by
  for (const token of after) expect([await isActive(one, token), await isActive(other, token)]).toEqual([true, true])
  expect((await revokeFrom(one)).status).toBe(200)
  for (const token of after) expect(await isActive(other, token)).toBe(false)
  expect((await refresh(other, (await mintGuest(one)).refresh_token)).status).toBe(200)
})
