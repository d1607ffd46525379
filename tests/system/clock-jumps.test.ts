import { randomBytes } from 'node:crypto'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import {
  bodyOf,
  mintBridgeToken,
  mintCardToken,
  mintGuest,
  mintUserSession,
  mintUserToken,
  paths,
  refresh,
} from './support/fixtures/mint.js'
import { bearer, startServer, type TestServer } from './support/servers/in-process-server.js'

/* The machine's clock jumps while a server runs, and elapsed time does not. A test controls both. */

const hour = 3_600_000
const second = 1_000

let server: TestServer
let offset = 0
let passed = 0
beforeAll(async () => {
  const hostClock = { now: () => Math.floor(Date.now() + passed + offset), random: randomBytes }
  server = await startServer({ fixture: fixtureWithHost, hostClock, elapsed: () => performance.now() + passed })
})
afterAll(() => server.stop())
afterEach(() => {
  offset = 0
})

const jump = (milliseconds: number) => {
  offset += milliseconds
}
const pass = (milliseconds: number) => {
  passed += milliseconds
}
/** The time on the machine's clock if it had not been set. */
const trueTime = () => Date.now() + passed
const readiness = async () => (await server.get('/health/ready')).status
const isActive = async (token: string) =>
  (await bodyOf<{ active: boolean }>(await server.postForm(paths.introspect, { token }))).active
const endAll = async () => {
  const response = await server.post('/v1/admin/sessions/revoke', { account: true }, bearer(hostKey))
  expect(response.status).toBe(200)
}

/** One valid token of each kind. */
async function mintEach() {
  const session = await mintUserSession(server)
  return {
    bridge: await mintBridgeToken(server),
    card: await mintCardToken(server),
    visitor: await mintUserToken(server),
    session: session.token,
    refresh: session.refresh_token,
    guest: (await mintGuest(server)).token,
  }
}

async function expectAll(tokens: Awaited<ReturnType<typeof mintEach>>, active: boolean) {
  for (const [kind, token] of Object.entries(tokens)) expect([kind, await isActive(token)]).toEqual([kind, active])
  if (active) return
  expect((await refresh(server, tokens.refresh)).status).toBe(400)
  expect((await server.postFromShop(paths.exchange, { token: tokens.visitor })).status).toBe(400)
  const redeem = { widget_token: tokens.card, widget_type: 'REVEAL' }
  expect((await server.postAsAcme(paths.redeem, redeem)).status).toBeGreaterThanOrEqual(400)
}

describe.each([
  ['ahead', hour],
  ['back', -hour],
])("the machine's clock jumps an hour %s for a moment", (_, by) => {
  test('revocations hold, and new sessions work', async () => {
    const before = await mintEach()
    jump(by)
    expect(await readiness()).toBe(503)
    const during = await mintEach()
    await expectAll(before, true)
    await expectAll(during, true)
    expect(Math.abs((decodeJwt(during.bridge).iat ?? 0) - trueTime() / 1000)).toBeLessThan(2)
    pass(20 * second)
    jump(-by)
    expect(await readiness()).toBe(200)
    await endAll()
    await expectAll(before, false)
    await expectAll(during, false)
    pass(10)
    const after = await mintEach()
    await expectAll(after, true)
    expect((await refresh(server, after.refresh)).status).toBe(200)
    // even an hour later, when the tokens would become valid, they stay invalid
    pass(hour)
    await expectAll(before, false)
    await expectAll(during, false)
  })

  test('a revocation during the jump ends tokens minted before it', async () => {
    const before = await mintEach()
    jump(by)
    await endAll()
    await expectAll(before, false)
    pass(10)
    const after = await mintEach()
    jump(-by)
    await expectAll(after, true)
    await expectAll(before, false)
  })

  test('the predecessor of a refresh token has a grace of exactly ten seconds', async () => {
    const { refresh_token } = await mintGuest(server)
    const next = await bodyOf<{ refresh_token: string }>(await refresh(server, refresh_token))
    jump(by)
    pass(5 * second)
    expect(await bodyOf<object>(await refresh(server, refresh_token))).toMatchObject({
      refresh_token: next.refresh_token,
    })
    pass(6 * second)
    expect((await refresh(server, refresh_token)).status).toBe(400)
    jump(-by)
  })
})
