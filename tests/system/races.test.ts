import { join } from 'node:path'
import type { WidgetSession } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest'
import { introspect, mintCardToken, mintGuest, mintUserToken, paths, refresh, revoke } from './support/fixtures/mint.js'
import { startServer, type TestServer } from './support/servers/in-process-server.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'
import { tickingClock } from './support/time/ticking-clock.js'

// `npm run test:chaos` runs 100 rounds
const rounds = Number(process.env.HALLPASS_RACE_ROUNDS ?? 4)
/** Opening a database in memory differs from opening a file; the code that runs then is the same. */
const roundsInMemory = Math.ceil(rounds / 3)
const sessionsRevoke = '/v1/admin/sessions/revoke'

/** Starts both at once, in an order that changes from round to round. */
async function race<A, B>(round: number, one: () => Promise<A>, two: () => Promise<B>): Promise<[A, B]> {
  if (round % 2 === 0) return Promise.all([one(), two()])
  const second = two()
  return [await one(), await second]
}

const kinds: readonly (readonly [kind: string, rounds: number])[] = inject('postgres')
  ? [['PostgreSQL', rounds]]
  : [
      ['a file', rounds],
      [':memory:', roundsInMemory],
    ]

describe.each(kinds)('a race, %s, %i rounds', { timeout: 120_000 }, (kind, rounds) => {
  let server: TestServer
  let remove = async () => {}
  beforeAll(async () => {
    if (kind !== 'a file') {
      server = await startServer({ clock: tickingClock() })
      return
    }
    const folder = await temporaryFolder()
    remove = folder.remove
    server = await startServer({
      clock: tickingClock(),
      config: { databaseUrl: `file:${join(folder.path, 'hallpass.db')}` },
    })
  })
  afterAll(async () => {
    await server.stop()
    await remove()
  })

  const exchange = (body: object) => server.postFromShop(paths.exchange, body)
  const redeem = (widget_token: string) => server.postAsAcme(paths.redeem, { widget_token, widget_type: 'REVEAL' })
  /** Expects every token of the resulting sessions to be inactive. */
  async function nothingActive(tokens: readonly string[], responses: readonly Response[]): Promise<void> {
    const sessions = responses.filter(({ ok }) => ok).map((response) => response.json() as Promise<WidgetSession>)
    const handedOut = (await Promise.all(sessions)).flatMap(({ token, refresh_token }) => [token, refresh_token])
    for (const token of [...tokens, ...handedOut]) expect(await introspect(server, token)).toEqual({ active: false })
    for (const token of handedOut.filter((one) => one.startsWith('hprt_'))) {
      expect((await refresh(server, token)).status).not.toBe(200)
    }
  }

  test('20 concurrent refreshes of one token get the same successor', async () => {
    for (let round = 0; round < rounds; round++) {
      const { refresh_token } = await mintGuest(server)
      const responses = await Promise.all(Array.from({ length: 20 }, () => refresh(server, refresh_token)))
      expect(responses.map(({ status }) => status)).toEqual(Array(20).fill(200))
      const bodies = await Promise.all(responses.map((response) => response.json() as Promise<WidgetSession>))
      const successors = new Set(bodies.map((body) => body.refresh_token))
      expect(successors.size).toBe(1)
      for (const successor of successors) expect((await refresh(server, successor)).status).toBe(200)
    }
  })

  test('20 concurrent redemptions of one token: one success', async () => {
    for (let round = 0; round < rounds; round++) {
      const token = await mintCardToken(server)
      const responses = await Promise.all(Array.from({ length: 20 }, () => redeem(token)))
      expect(responses.map(({ status }) => status).toSorted()).toEqual([200, ...Array(19).fill(422)])
    }
  })

  test('20 concurrent exchanges of one token: one success', async () => {
    for (let round = 0; round < rounds; round++) {
      const token = await mintUserToken(server)
      const responses = await Promise.all(Array.from({ length: 20 }, () => exchange({ token })))
      expect(responses.map(({ status }) => status).toSorted()).toEqual([200, ...Array(19).fill(400)])
    }
  })

  test('two users cannot be promoted from one guest session', async () => {
    for (let round = 0; round < rounds; round++) {
      const { token: session_token } = await mintGuest(server)
      const [one, two] = [await mintUserToken(server), await mintUserToken(server, { user_id: 'other' })]
      const responses = await race(
        round,
        () => exchange({ token: one, session_token }),
        () => exchange({ token: two, session_token }),
      )
      expect(responses.map(({ status }) => status).toSorted()).toEqual([200, 400])
    }
  })

  test.each(['refresh token', 'session token'])(
    'refresh against revocation of the %s: nothing is active afterwards',
    async (which) => {
      for (let round = 0; round < rounds; round++) {
        const { token, refresh_token } = await mintGuest(server)
        const ended = which === 'session token' ? token : refresh_token
        const [response, revoked] = await race(
          round,
          () => refresh(server, refresh_token),
          () => revoke(server, ended),
        )
        expect(revoked.status).toBe(200)
        await nothingActive([token, refresh_token], [response])
      }
    },
  )

  test('redeem against revoke: exactly one succeeds', async () => {
    for (let round = 0; round < rounds; round++) {
      const token = await mintCardToken(server)
      const [redeemed, revoked] = await race(
        round,
        () => redeem(token),
        () => revoke(server, token),
      )
      expect(revoked.status).toBe(200)
      expect([200, 422]).toContain(redeemed.status)
      if (redeemed.status === 422) expect(await redeemed.json()).toMatchObject({ code: 'TOKEN_REVOKED' })
      const again = await redeem(token)
      expect(again.status).toBe(422)
      expect(await again.json()).toMatchObject({
        code: redeemed.status === 200 ? 'TOKEN_ALREADY_USED' : 'TOKEN_REVOKED',
      })
      expect(await introspect(server, token)).toEqual({ active: false })
    }
  })

  describe('against disabling the client key', () => {
    let clientKeyPath: string
    const setDisabled = (disabled: boolean) => server.postAsAcme(clientKeyPath, { disabled })
    beforeAll(async () => {
      const { client_key_id } = decodeJwt((await mintGuest(server)).token)
      clientKeyPath = `/v1/admin/client_keys/${client_key_id}`
    })
    afterEach(() => setDisabled(false))

    test('exchange: nothing is active afterwards', async () => {
      for (let round = 0; round < rounds; round++) {
        const token = await mintUserToken(server)
        const [response, disabled] = await race(
          round,
          () => exchange({ token }),
          () => setDisabled(true),
        )
        expect(disabled.status).toBe(200)
        await nothingActive([token], [response])
        await setDisabled(false)
      }
    })

    test('guest and refresh: nothing is active afterwards', async () => {
      for (let round = 0; round < rounds; round++) {
        const { token, refresh_token } = await mintGuest(server)
        const [response] = await race(
          round,
          () => refresh(server, refresh_token),
          () => setDisabled(true),
        )
        await nothingActive([token, refresh_token], [response])
        await setDisabled(false)
      }
    })
  })

  test.each(['user_id', 'client_key_id', 'account'] as const)(
    'exchange against admin.sessions.revoke by %s: no earlier token is active afterwards',
    async (target) => {
      for (let round = 0; round < rounds; round++) {
        const token = await mintUserToken(server)
        const subjects = { user_id: 'user_42', client_key_id: decodeJwt(token).client_key_id, account: true }
        const [response, revoked] = await race(
          round,
          () => exchange({ token }),
          () => server.postAsAcme(sessionsRevoke, { [target]: subjects[target] }),
        )
        expect(revoked.status).toBe(200)
        await nothingActive([token], [response])
      }
    },
  )

  test('refresh against admin.sessions.revoke by visitor: nothing is active afterwards', async () => {
    for (let round = 0; round < rounds; round++) {
      const { token, refresh_token, visitor_id } = await mintGuest(server)
      const [response, revoked] = await race(
        round,
        () => refresh(server, refresh_token),
        () => server.postAsAcme(sessionsRevoke, { visitor_id }),
      )
      expect(revoked.status).toBe(200)
      await nothingActive([token, refresh_token], [response])
    }
  })
})

describe('within one second', () => {
  let server: TestServer
  beforeAll(async () => {
    // the clock stands still, so everything happens in one millisecond
    server = await startServer()
  })
  afterAll(() => server.stop())

  test('403 for a replay after admin.sessions.revoke; a millisecond later, sessions begin again', async () => {
    for (let round = 0; round < rounds; round++) {
      const guest = await mintGuest(server)
      const token = await mintUserToken(server)
      await server.postAsAcme(sessionsRevoke, { visitor_id: guest.visitor_id })
      await server.postAsAcme(sessionsRevoke, { user_id: 'user_42' })
      expect((await refresh(server, guest.refresh_token)).status).toBe(400)
      expect((await server.postFromShop(paths.exchange, { token })).status).toBe(400)
      for (const old of [guest.token, guest.refresh_token, token]) {
        expect(await introspect(server, old)).toEqual({ active: false })
      }
      server.clock.advance(1)
      const fresh = await server.postFromShop(paths.exchange, { token: await mintUserToken(server) })
      const session = (await fresh.json()) as WidgetSession
      expect(await introspect(server, session.token)).toMatchObject({ active: true })
    }
  })
})
