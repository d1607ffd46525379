import { afterAll, beforeAll, expect, test } from 'vitest'
import { bodyOf, mintUserToken, paths, refresh } from './support/mint.js'
import { startServer, type TestServer } from './support/start-server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

test('the longest token that user-token makes is exchanged, and its session renewed', async () => {
  const longest = '\u0001'.repeat(1_024)
  const traits = {
    plan: 'x'.repeat(1_000),
    tier: 'y'.repeat(1_000),
    team: 'z'.repeat(1_000),
    role: 'r'.repeat(1_000),
  }
  const person = { user_id: longest, display_name: longest, traits }
  const session = await bodyOf<{ refresh_token: string; user: object }>(
    await server.postFromShop(paths.exchange, { token: await mintUserToken(server, person) }),
  )
  expect(session.user).toEqual({ id: longest, display_name: longest })
  expect((await refresh(server, session.refresh_token)).status).toBe(200)
})
