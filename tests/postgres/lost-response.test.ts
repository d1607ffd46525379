import { randomBytes, randomUUID } from 'node:crypto'
import type { WidgetSession } from '@hallpass/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import {
  cardPath,
  introspect,
  mintCardToken,
  mintGuest,
  mintUserToken,
  paths,
  refresh,
} from '../system/support/fixtures/mint.js'
import { startServer, type TestServer } from '../system/support/servers/in-process-server.js'
import { newDatabase } from '../system/support/servers/new-database.js'
import { type LossyProxy, startLossyProxy } from './support/lossy-proxy.js'

/** An upper bound for the queries of one call. */
const mostResponses = 20
/** How long a crashed request can hold an idempotency key. */
const leaseMilliseconds = 31_000

/*
 * The database does its work, but the connection breaks before its response arrives. This happens for each response
 * that a call waits for. The call returns 503, and its effect happened either once or not at all.
 */
describe('if a response of PostgreSQL is lost', () => {
  let way: LossyProxy
  let server: TestServer
  beforeAll(async () => {
    way = await startLossyProxy(await newDatabase())
    const config = { databaseUrl: way.url, publicUrl: 'https://pass.example', masterKey: randomBytes(32) }
    server = await startServer({ config })
  })
  afterAll(async () => {
    await server.stop()
    await way.close()
  })

  /** Makes a call once for each response that can be lost. `settle` gets the result. */
  async function loseEach<T>(
    begin: () => Promise<T>,
    call: (subject: T) => Promise<Response>,
    settle: (subject: T, first: Response) => Promise<void>,
  ): Promise<number> {
    for (let responses = 0; responses < mostResponses; responses++) {
      const subject = await begin()
      way.loseAfter(responses)
      const first = await call(subject)
      const hasLost = way.hasLost()
      way.loseAfter(Number.POSITIVE_INFINITY)
      if (first.status !== 200) {
        expect(hasLost).toBe(true)
        expect(first.status).toBe(503)
        expect(first.headers.get('Retry-After')).toMatch(/^\d+$/)
      }
      await settle(subject, first)
      if (!hasLost) return responses
    }
    throw new Error(`the call made more than ${mostResponses} queries`)
  }

  const redeem = (widget_token: string, key?: string) =>
    server.postAsAcme(
      paths.redeem,
      { widget_token, widget_type: 'REVEAL' },
      key === undefined ? {} : { 'Idempotency-Key': key },
    )

  /** Retries with the same key until the outcome is known. */
  async function repeat(call: () => Promise<Response>): Promise<Response> {
    const response = await call()
    if (response.ok) return response
    expect(await response.json()).toMatchObject({ code: 'IDEMPOTENCY_CONCURRENT_USE' })
    server.clock.advance(leaseMilliseconds)
    return call()
  }

  test('a redeem with an Idempotency-Key can be retried for its response; the token is spent once', async () => {
    const asked = await loseEach(
      () => mintCardToken(server),
      (token) => redeem(token, token),
      async (token, first) => {
        const again = await repeat(() => redeem(token, token))
        expect(again.status).toBe(200)
        const body = await again.text()
        if (first.status === 200) expect(await first.text()).toBe(body)
        expect(await (await redeem(token, token)).text()).toBe(body)
        expect(await (await redeem(token)).json()).toMatchObject({ code: 'TOKEN_ALREADY_USED' })
      },
    )
    expect(asked).toBeGreaterThan(3)
  })

  test('a redeem without a key succeeds once or not at all', async () => {
    await loseEach(
      () => mintCardToken(server),
      redeem,
      async (token, first) => {
        const statuses = [first.status, (await redeem(token)).status, (await redeem(token)).status]
        expect(statuses.filter((status) => status === 200).length).toBeLessThanOrEqual(1)
        expect(statuses.at(-1)).toBe(422)
      },
    )
  })

  test('a card token minted again under its key is the same token', async () => {
    const mint = (key: string) => server.postAsAcme(cardPath(acme.activeCard, 'REVEAL'), {}, { 'Idempotency-Key': key })
    await loseEach(
      async () => randomUUID(),
      mint,
      async (key) => {
        const again = await repeat(() => mint(key))
        expect(again.status).toBe(200)
        const { widget_token } = (await again.json()) as { widget_token: string }
        expect(await (await mint(key)).json()).toMatchObject({ widget_token })
        expect([(await redeem(widget_token)).status, (await redeem(widget_token)).status]).toEqual([200, 422])
      },
    )
  })

  test('an exchange creates one session or none', async () => {
    const exchange = (token: string) => server.postFromShop(paths.exchange, { token })
    await loseEach(
      () => mintUserToken(server),
      exchange,
      async (token, first) => {
        const responses = [first, await exchange(token), await exchange(token)]
        expect(responses.filter(({ status }) => status === 200).length).toBeLessThanOrEqual(1)
        expect(responses.at(-1)?.status).toBe(400)
      },
    )
  })

  test('a refresh can be retried and gets the successor, so no one is logged out', async () => {
    await loseEach(
      async () => (await mintGuest(server)).refresh_token,
      (token) => refresh(server, token),
      async (token, first) => {
        const again = await refresh(server, token)
        expect(again.status).toBe(200)
        const session = (await again.json()) as WidgetSession
        if (first.status === 200) {
          expect(((await first.json()) as WidgetSession).refresh_token).toBe(session.refresh_token)
        }
        expect(await introspect(server, session.token)).toMatchObject({ active: true })
        expect((await refresh(server, session.refresh_token)).status).toBe(200)
      },
    )
  })
})
