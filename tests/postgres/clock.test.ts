import { randomBytes } from 'node:crypto'
import { decodeJwt } from 'jose'
import { expect, inject, onTestFinished, test } from 'vitest'
import { createDatabase } from '../support/postgres.js'
import { mintBridgeToken, mintCardToken, mintUserToken, paths } from '../system/support/mint.js'
import { startReplicas } from './support/replicas.js'

const off = (seconds: number) => ({ now: () => Date.now() + seconds * 1000, random: randomBytes })

async function startWith(...seconds: number[]) {
  const hostClocks = seconds.map(off)
  const replicas = await startReplicas(await createDatabase(inject('postgres')), { count: seconds.length, hostClocks })
  onTestFinished(replicas.stop)
  return replicas
}

test.each([-33, 33])('a server whose clock is off by %i s is not ready', async (seconds) => {
  const { at } = await startWith(seconds)
  expect((await at(0).get('/health/ready')).status).toBe(503)
})

test('servers whose clocks are off by less decide by the database’s clock', async () => {
  const { at } = await startWith(-25, 25)
  for (const server of [at(0), at(1)]) {
    expect((await server.get('/health/ready')).status).toBe(200)
    const { iat = 0 } = decodeJwt(await mintBridgeToken(server))
    expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(10)
  }
  // 50 s lie between them, and a visitor token lives for 60: what one mints the other takes, at its full age and no older
  for (const [one, other] of [
    [at(0), at(1)],
    [at(1), at(0)],
  ] as const) {
    const redeem = { widget_token: await mintCardToken(one), widget_type: 'REVEAL' }
    expect((await other.postAsAcme(paths.redeem, redeem)).status).toBe(200)
    expect((await other.postFromShop(paths.exchange, { token: await mintUserToken(one) })).status).toBe(200)
  }
})
