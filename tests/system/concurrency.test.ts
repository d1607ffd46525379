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

const many = 200

const server = withServer()

interface Answer {
  readonly status: number
  readonly body: string
}

/** Sends calls all at once and gives what each was told. */
const atOnce = (count: number, send: (index: number) => Promise<Response>): Promise<Answer[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const response = await send(index)
      return { status: response.status, body: await response.text() }
    }),
  )

const withStatus = (answers: readonly Answer[], status: number) => answers.filter((answer) => answer.status === status)

describe('many calls at once', () => {
  test('of 200 redeems of one card token exactly one is a 200, the rest 422 TOKEN_ALREADY_USED', async () => {
    const widget_token = await mintCardToken(server)
    const answers = await atOnce(many, () => server.postAsAcme(paths.redeem, { widget_token, widget_type: 'REVEAL' }))
    expect(withStatus(answers, 200)).toHaveLength(1)
    expect(withStatus(answers, 422)).toHaveLength(many - 1)
    for (const { body } of withStatus(answers, 422)) expect(JSON.parse(body).code).toBe('TOKEN_ALREADY_USED')
  })

  test('of 200 redeems with keys of their own exactly one is a 200, and its answer can be had again', async () => {
    const body = { widget_token: await mintCardToken(server), widget_type: 'REVEAL' }
    const send = (index: number) => server.postAsAcme(paths.redeem, body, { 'Idempotency-Key': `redeem-${index}` })
    const answers = await atOnce(many, send)
    expect(withStatus(answers, 200)).toHaveLength(1)
    for (const { body } of withStatus(answers, 422)) expect(JSON.parse(body).code).toBe('TOKEN_ALREADY_USED')
    const winner = answers.findIndex(({ status }) => status === 200)
    expect(await (await send(winner)).text()).toBe(answers[winner]?.body)
  })

  test('of 200 redeems with one key all successes are byte-equal, and the rest are told that one is running', async () => {
    const body = { widget_token: await mintCardToken(server), widget_type: 'REVEAL' }
    const headers = { 'Idempotency-Key': 'redeem-together' }
    const answers = await atOnce(many, () => server.postAsAcme(paths.redeem, body, headers))
    const successes = withStatus(answers, 200)
    expect(new Set(successes.map(({ body }) => body)).size).toBe(1)
    const rest = withStatus(answers, 422)
    expect(successes.length + rest.length).toBe(many)
    for (const { body } of rest) expect(JSON.parse(body).code).toBe('IDEMPOTENCY_CONCURRENT_USE')
  })

  test('of 200 exchanges of one visitor token exactly one is a 200, the rest 400', async () => {
    const token = await mintUserToken(server)
    const answers = await atOnce(many, () => server.postFromShop(paths.exchange, { token }))
    expect(withStatus(answers, 200)).toHaveLength(1)
    expect(withStatus(answers, 400)).toHaveLength(many - 1)
    for (const { body } of withStatus(answers, 400)) expect(body).toBe('Missing or expired token')
  })

  test('of 20 promotions of one guest by different visitor tokens one is a 200, and no other token is spent', async () => {
    const session_token = (await mintGuest(server)).token
    const tokens = await Promise.all(Array.from({ length: 20 }, () => mintUserToken(server)))
    const answers = await atOnce(20, (index) =>
      server.postFromShop(paths.exchange, { token: tokens[index], session_token }),
    )
    expect(withStatus(answers, 200)).toHaveLength(1)
    const later = await atOnce(20, (index) => server.postFromShop(paths.exchange, { token: tokens[index] }))
    expect(withStatus(later, 200)).toHaveLength(19)
  })

  test('of 200 bridge calls with one key all successes are byte-equal with one token, the rest 409', async () => {
    const headers = { 'Idempotency-Key': 'bridge-together' }
    const answers = await atOnce(many, () => server.postAsAcme(paths.bridge, { customer_id: acme.customer }, headers))
    const successes = withStatus(answers, 200)
    expect(successes.length).toBeGreaterThan(0)
    expect(new Set(successes.map(({ body }) => body)).size).toBe(1)
    expect(withStatus(answers, 409)).toHaveLength(many - successes.length)
  })

  test('200 bridge calls without a key are 200 tokens', async () => {
    const tokens = await Promise.all(Array.from({ length: many }, () => mintBridgeToken(server)))
    expect(new Set(tokens).size).toBe(many)
  })

  test('20 tabs that refresh one token all get the same successor', async () => {
    const guest = await mintGuest(server)
    const answers = await atOnce(20, () => refresh(server, guest.refresh_token))
    expect(withStatus(answers, 200)).toHaveLength(20)
    const successors = answers.map(({ body }) => (JSON.parse(body) as WidgetSession).refresh_token)
    expect(new Set(successors).size).toBe(1)
    expect((await refresh(server, successors[0] ?? '')).status).toBe(200)
  })

  test('20 uses of an old refresh token at once are 20 refusals, and the session is over', async () => {
    const guest = await mintGuest(server)
    const next = await bodyOf<WidgetSession>(await refresh(server, guest.refresh_token))
    server.clock.advance(10_001)
    const answers = await atOnce(20, () => refresh(server, guest.refresh_token))
    expect(withStatus(answers, 400)).toHaveLength(20)
    expect(await introspect(server, next.token)).toEqual({ active: false })
  })

  test.each(['token', 'refresh_token'] as const)(
    'when a session is refreshed and revoked by its %s at once, nothing is active after',
    async (revokedBy) => {
      const guests = await Promise.all(Array.from({ length: 20 }, () => mintGuest(server)))
      for (const guest of guests) {
        const calls = [() => refresh(server, guest.refresh_token), () => revoke(server, guest[revokedBy])]
        const answers = await atOnce(10, (index) => calls[index % 2]?.() ?? Promise.reject(new Error('no call')))
        const minted = answers.flatMap(({ status, body }, index) =>
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

  test('when a card token is redeemed and revoked at once, at most one wins and nothing is active after', async () => {
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
