import type { WidgetSession } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import {
  bodyOf,
  introspect,
  mintBridgeToken,
  mintCardToken,
  mintGuest,
  mintUserToken,
  paths,
  refresh,
  revoke,
} from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

/** `tests/chaos/redeem-storm.test.ts` uses more. */
const many = 100

const server = withServer()

interface CallResult {
  readonly status: number
  readonly body: string
}

/** Makes calls concurrently and returns the responses. */
const atOnce = (count: number, send: (index: number) => Promise<Response>): Promise<CallResult[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const response = await send(index)
      return { status: response.status, body: await response.text() }
    }),
  )

const withStatus = (responses: readonly CallResult[], status: number) =>
  responses.filter((answer) => answer.status === status)

describe('many concurrent calls', () => {
  test(`${many} redeems of one card token: exactly one 200, the rest 422 TOKEN_ALREADY_USED`, async () => {
    const widget_token = await mintCardToken(server)
    const responses = await atOnce(many, () => server.postAsAcme(paths.redeem, { widget_token, widget_type: 'REVEAL' }))
    expect(withStatus(responses, 200)).toHaveLength(1)
    expect(withStatus(responses, 422)).toHaveLength(many - 1)
    for (const { body } of withStatus(responses, 422)) expect(JSON.parse(body).code).toBe('TOKEN_ALREADY_USED')
  })

  test(`${many} concurrent redeems with distinct keys: exactly one succeeds and can be replayed`, async () => {
    const body = { widget_token: await mintCardToken(server), widget_type: 'REVEAL' }
    const send = (index: number) => server.postAsAcme(paths.redeem, body, { 'Idempotency-Key': `redeem-${index}` })
    const responses = await atOnce(many, send)
    expect(withStatus(responses, 200)).toHaveLength(1)
    for (const { body } of withStatus(responses, 422)) expect(JSON.parse(body).code).toBe('TOKEN_ALREADY_USED')
    const winner = responses.findIndex(({ status }) => status === 200)
    expect(await (await send(winner)).text()).toBe(responses[winner]?.body)
  })

  test(`${many} redeems with one key: successes are byte-equal, the rest report one in progress`, async () => {
    const body = { widget_token: await mintCardToken(server), widget_type: 'REVEAL' }
    const headers = { 'Idempotency-Key': 'redeem-together' }
    const responses = await atOnce(many, () => server.postAsAcme(paths.redeem, body, headers))
    const successes = withStatus(responses, 200)
    expect(new Set(successes.map(({ body }) => body)).size).toBe(1)
    const rest = withStatus(responses, 422)
    expect(successes.length + rest.length).toBe(many)
    for (const { body } of rest) expect(JSON.parse(body).code).toBe('IDEMPOTENCY_CONCURRENT_USE')
  })

  test(`${many} exchanges of one visitor token: exactly one 200, the rest 400`, async () => {
    const token = await mintUserToken(server)
    const responses = await atOnce(many, () => server.postFromShop(paths.exchange, { token }))
    expect(withStatus(responses, 200)).toHaveLength(1)
    expect(withStatus(responses, 400)).toHaveLength(many - 1)
    for (const { body } of withStatus(responses, 400)) expect(body).toBe('Missing or expired token')
  })

  test('20 promotions of one guest by different visitor tokens: one 200, and no other is spent', async () => {
    const session_token = (await mintGuest(server)).token
    const tokens = await Promise.all(Array.from({ length: 20 }, () => mintUserToken(server)))
    const responses = await atOnce(20, (index) =>
      server.postFromShop(paths.exchange, { token: tokens[index], session_token }),
    )
    expect(withStatus(responses, 200)).toHaveLength(1)
    const later = await atOnce(20, (index) => server.postFromShop(paths.exchange, { token: tokens[index] }))
    expect(withStatus(later, 200)).toHaveLength(19)
  })

  test(`${many} bridge calls with one key: successes are byte-equal with one token, the rest 409`, async () => {
    const headers = { 'Idempotency-Key': 'bridge-together' }
    const responses = await atOnce(many, () => server.postAsAcme(paths.bridge, { customer_id: acme.customer }, headers))
    const successes = withStatus(responses, 200)
    expect(successes.length).toBeGreaterThan(0)
    expect(new Set(successes.map(({ body }) => body)).size).toBe(1)
    expect(withStatus(responses, 409)).toHaveLength(many - successes.length)
  })

  test(`${many} bridge calls without a key return ${many} tokens`, async () => {
    const tokens = await Promise.all(Array.from({ length: many }, () => mintBridgeToken(server)))
    expect(new Set(tokens).size).toBe(many)
  })

  test('20 tabs that refresh one token all get the same successor', async () => {
    const guest = await mintGuest(server)
    const responses = await atOnce(20, () => refresh(server, guest.refresh_token))
    expect(withStatus(responses, 200)).toHaveLength(20)
    const successors = responses.map(({ body }) => (JSON.parse(body) as WidgetSession).refresh_token)
    expect(new Set(successors).size).toBe(1)
    expect((await refresh(server, successors[0] ?? '')).status).toBe(200)
  })

  test('20 concurrent uses of an old refresh token are all refused, and the session ends', async () => {
    const guest = await mintGuest(server)
    const next = await bodyOf<WidgetSession>(await refresh(server, guest.refresh_token))
    server.clock.advance(10_001)
    const responses = await atOnce(20, () => refresh(server, guest.refresh_token))
    expect(withStatus(responses, 400)).toHaveLength(20)
    expect(await introspect(server, next.token)).toEqual({ active: false })
  })

  test.each(['token', 'refresh_token'] as const)(
    'a session refreshed and revoked by its %s at the same time has no active token after',
    async (revokedBy) => {
      const guests = await Promise.all(Array.from({ length: 20 }, () => mintGuest(server)))
      for (const guest of guests) {
        const calls = [() => refresh(server, guest.refresh_token), () => revoke(server, guest[revokedBy])]
        const responses = await atOnce(10, (index) => calls[index % 2]?.() ?? Promise.reject(new Error('no call')))
        const minted = responses.flatMap(({ status, body }, index) =>
          status === 200 && index % 2 === 0 ? [JSON.parse(body) as WidgetSession] : [],
        )
        for (const { token, refresh_token } of [guest, ...minted]) {
          expect(await introspect(server, token)).toEqual({ active: false })
          expect(await introspect(server, refresh_token)).toEqual({ active: false })
          expect((await refresh(server, refresh_token)).status).toBe(400)
        }
      }
    },
  )

  test('a card token redeemed and revoked at the same time: at most one succeeds, none is active', async () => {
    for (let round = 0; round < 10; round++) {
      const widget_token = await mintCardToken(server)
      const body = { widget_token, widget_type: 'REVEAL' }
      const [redeemed] = await Promise.all([server.postAsAcme(paths.redeem, body), revoke(server, widget_token)])
      expect([200, 422]).toContain(redeemed.status)
      expect(await introspect(server, widget_token)).toEqual({ active: false })
      const { code } = await (await server.postAsAcme(paths.redeem, body)).json()
      expect(code).toBe(redeemed.status === 200 ? 'TOKEN_ALREADY_USED' : 'TOKEN_REVOKED')
    }
  })
})
