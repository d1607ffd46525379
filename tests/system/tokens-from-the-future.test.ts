import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import {
  introspect,
  mintBridgeToken,
  mintCardToken,
  mintGuest,
  mintUserToken,
  paths,
  refresh,
} from './support/fixtures/mint.js'
import { startServer, type TestServer } from './support/servers/in-process-server.js'

/*
 * A server whose clock was an hour ahead minted tokens. Now the clock is right, and their issue time is an hour in the
 * future.
 */

const hour = 3_600_000

let server: TestServer
let ahead = 0
const setAhead = (milliseconds: number) => {
  server.clock.advance(milliseconds - ahead)
  ahead = milliseconds
}
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())
afterEach(() => setAhead(0))

async function fromTheFuture<T>(mint: () => Promise<T>): Promise<T> {
  setAhead(hour)
  const minted = await mint()
  setAhead(0)
  return minted
}
const redeem = (widget_token: string) => server.postAsAcme(paths.redeem, { widget_token, widget_type: 'REVEAL' })
const exchange = (token: string) => server.postFromShop(paths.exchange, { token })

test('400 for a refresh token issued in the future, which is inactive', async () => {
  const { refresh_token } = await fromTheFuture(() => mintGuest(server))
  expect((await refresh(server, refresh_token)).status).toBe(400)
  expect(await introspect(server, refresh_token)).toEqual({ active: false })
})

test('200 for a refresh token from less than a minute in the future', async () => {
  setAhead(50_000)
  const { refresh_token } = await mintGuest(server)
  setAhead(0)
  expect((await introspect(server, refresh_token)).active).toBe(true)
  expect((await refresh(server, refresh_token)).status).toBe(200)
})

test('404 for a card token issued in the future, which is inactive and not spent', async () => {
  const token = await fromTheFuture(() => mintCardToken(server))
  expect((await redeem(token)).status).toBe(404)
  expect(await introspect(server, token)).toEqual({ active: false })
  setAhead(hour)
  expect((await redeem(token)).status).toBe(200)
})

test('400 for a visitor token issued in the future', async () => {
  expect((await exchange(await fromTheFuture(() => mintUserToken(server)))).status).toBe(400)
})

test('each of them can be revoked early, and then never becomes active', async () => {
  const tokens = await fromTheFuture(async () => [
    (await mintGuest(server)).refresh_token,
    (await mintGuest(server)).token,
    await mintBridgeToken(server),
    await mintUserToken(server),
    await mintCardToken(server),
  ])
  for (const token of tokens) expect((await server.postForm(paths.revoke, { token })).status).toBe(200)
  setAhead(hour)
  for (const token of tokens) expect(await introspect(server, token)).toEqual({ active: false })
})
