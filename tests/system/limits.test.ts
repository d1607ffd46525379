import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { changeAccount } from './support/fixtures/change-account.js'
import { acme, rival } from './support/fixtures/fixture.js'
import { cardPath, mintGuest, mintUserToken, paths } from './support/fixtures/mint.js'
import { bearer, startServer, type TestServer } from './support/servers/in-process-server.js'

const perSecond = 3

let server: TestServer
beforeAll(async () => {
  server = await startServer({
    fixture: changeAccount(acme.account, ({ client_keys }) => ({
      rate_limit: { requests_per_second: perSecond },
      client_keys: client_keys.map((key) =>
        key.client_key === acme.clientKey ? { ...key, rate_limit: { guest_per_minute: 3 } } : key,
      ),
    })),
  })
})
beforeEach(() => server.clock.advance(10 * 60_000))
afterAll(() => server.stop())

const guest = (client_key: string = acme.limited) => server.postFromShop(paths.guest, { client_key })
const card = (secret: string = acme.key) => server.get(cardPath(acme.activeCard, 'REVEAL'), bearer(secret))

/** Makes this many calls one after another and returns their statuses. */
async function statuses(count: number, send: () => Promise<Response>): Promise<number[]> {
  const responses: number[] = []
  for (let i = 0; i < count; i++) responses.push((await send()).status)
  return responses
}

/** Makes calls until one is refused for the limit. */
async function untilLimited(send: () => Promise<Response>): Promise<Response> {
  for (let i = 0; i < 100; i++) {
    const response = await send()
    if (response.status === 429) return response
  }
  throw new Error('100 calls reached no limit')
}

/** Expects the three headers of a 429. Returns the seconds to wait. */
function expectLimited(response: Response, quota: string): number {
  expect(response.status).toBe(429)
  expect(response.headers.get('ratelimit-policy')).toMatch(new RegExp(`^"[^"]+";${quota}$`))
  expect(response.headers.get('ratelimit')).toMatch(/^"[^"]+";r=0;t=\d+$/)
  expect(response.headers.get('cache-control')).toBe('no-store')
  const seconds = response.headers.get('retry-after') ?? ''
  expect(seconds).toMatch(/^[1-9]\d*$/)
  return Number(seconds)
}

describe('the limit of a secret key', () => {
  test('429 TOO_MANY_REQUESTS at the card endpoint, with retry_after as in the header', async () => {
    expect(await statuses(perSecond, card)).toEqual([200, 200, 200])
    const response = await card()
    const retry_after = expectLimited(response, 'q=3;w=1')
    expect(await response.json()).toEqual({
      code: 'TOO_MANY_REQUESTS',
      detail: expect.stringMatching(/./),
      status: 429,
      retry_after,
    })
  })

  test.each<[endpoint: string, send: () => Promise<Response>, body: RegExp]>([
    ['bridge', () => server.postAsAcme(paths.bridge, { customer_id: acme.customer }), /"type":"\/rate_limited"/],
    ['user-token', () => server.postAsAcme(paths.userToken, { client_key: acme.clientKey, user_id: 'u' }), /^[^{]+$/],
    ['redeem', () => server.postAsAcme(paths.redeem, {}), /"code":"TOO_MANY_REQUESTS"/],
    ['introspect', () => server.postForm(paths.introspect, { token: 'x' }), /"error":"\w+","error_description":/],
    ['revoke', () => server.postForm(paths.revoke, { token: 'x' }), /"error":"\w+","error_description":/],
    ['tRPC', () => server.trpc('tokens.revoke', { token: 'x' }, bearer(acme.key)), /"retry_after":[1-9]/],
  ])('429 at the %s endpoint, in its own dialect', async (_, send, body) => {
    const response = await untilLimited(send)
    expectLimited(response, 'q=3;w=1')
    expect(await response.text()).toMatch(body)
  })

  test('all endpoints of a key count together, tRPC too', async () => {
    const input = { card_id: acme.activeCard, widget_type: 'REVEAL' }
    expect((await card()).status).toBe(200)
    expect((await server.postAsAcme(paths.bridge, { customer_id: acme.customer })).status).toBe(200)
    expect((await server.trpc('card.widgetToken', input, bearer(acme.key))).status).toBe(200)
    expect((await server.postForm(paths.revoke, { token: 'x' })).status).toBe(429)
  })

  test('all keys of an account share its limit, and another account is unaffected', async () => {
    const other = () => card('My API Key')
    expect(await statuses(2, card)).toEqual([200, 200])
    expect(await statuses(2, other)).toEqual([200, 429])
    expectLimited(await card(), 'q=3;w=1')
    expect((await server.get(cardPath(rival.card, 'REVEAL'), bearer(rival.key))).status).toBe(200)
  })

  test('refused calls count toward the limit: 404, 403 and 400', async () => {
    const unknown = () => server.get(cardPath('00000000-0000-4000-8000-000000000000', 'REVEAL'), bearer(acme.key))
    const faulty = () => server.get(cardPath(acme.activeCard, 'REVEAL').slice(0, -1), bearer(acme.key))
    expect(await statuses(2, unknown)).toEqual([404, 404])
    expect(await statuses(2, faulty)).toEqual([400, 429])
    const scopeless = () => card(acme.keyWithoutScopes)
    expect(await statuses(3, scopeless)).toEqual([403, 403, 403])
    const introspect = () => server.postForm(paths.introspect, { token: 'x' }, bearer(acme.keyWithoutScopes))
    expect((await introspect()).status).toBe(429)
  })

  test('waiting for Retry-After always helps', async () => {
    for (let round = 0; round < 5; round++) {
      server.clock.advance(137 * round)
      const response = await untilLimited(card)
      server.clock.advance(expectLimited(response, 'q=3;w=1') * 1000)
      expect((await card()).status).toBe(200)
    }
  })

  test('no second contains more calls than the quota, wherever it begins', async () => {
    const admitted: number[] = []
    for (let step = 0; step < 60; step++) {
      server.clock.advance(90)
      if ((await card()).status === 200) admitted.push(server.clock.now())
    }
    for (const from of admitted) {
      expect(admitted.filter((at) => at >= from && at < from + 1000).length).toBeLessThanOrEqual(perSecond)
    }
    expect(admitted.length).toBeGreaterThan(10)
  })

  test('0 means no limit and no limit headers', async () => {
    const rivalCard = () => server.get(cardPath(rival.card, 'REVEAL'), bearer(rival.key))
    const responses = await Promise.all(Array.from({ length: 300 }, rivalCard))
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
    expect(responses.some(({ headers }) => headers.has('ratelimit') || headers.has('ratelimit-policy'))).toBe(false)
  })
})

describe('the limit of a client key', () => {
  test.each<[endpoint: string, prepare: () => Promise<() => Promise<Response>>]>([
    ['guest', async () => () => guest(acme.clientKey)],
    ['embed ticket', async () => () => server.postFromShop(paths.embedTicket, { client_key: acme.clientKey })],
    ['config', async () => () => server.get(`${paths.config}?client_key=${acme.clientKey}`, { Origin: acme.origin })],
    [
      'exchange',
      async () => {
        const token = await mintUserToken(server)
        return () => server.postFromShop(paths.exchange, { token })
      },
    ],
    [
      'refresh',
      async () => {
        const { refresh_token } = await mintGuest(server)
        return () => server.postFromShop(paths.refresh, { refresh_token })
      },
    ],
  ])('429 as text at the %s endpoint, readable by the page; waiting helps', async (_, prepare) => {
    const send = await prepare()
    const response = await untilLimited(send)
    const seconds = expectLimited(response, 'q=\\d+;w=60')
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect(response.headers.get('x-error-reason')).toBe('rate_limited')
    expect(response.headers.get('vary')).toContain('Origin')
    expect(response.headers.get('access-control-allow-origin')).toBe(acme.origin)
    expect(response.headers.get('access-control-expose-headers')).toContain('Retry-After')
    server.clock.advance(seconds * 1000)
    expect((await send()).status).not.toBe(429)
  })

  test('guest_per_minute guests per minute, as the policy header says', async () => {
    expect(await statuses(4, guest)).toEqual([200, 200, 200, 429])
    expectLimited(await guest(), 'q=3;w=60')
  })

  test('the window slides: calls late in one minute count in the next', async () => {
    server.clock.advance(60_000 - (server.clock.now() % 60_000) - 2000)
    expect(await statuses(3, guest)).toEqual([200, 200, 200])
    server.clock.advance(4000)
    expect((await guest()).status).toBe(429)
    server.clock.advance(50_000)
    expect((await guest()).status).toBe(429)
    server.clock.advance(12_000)
    expect((await guest()).status).toBe(200)
  })

  test('refused calls count, except those refused for the limit', async () => {
    const faulty = () => server.postFromShop(paths.guest, { client_key: acme.limited, colour: 'blue' })
    expect(await statuses(4, faulty)).toEqual([422, 422, 422, 429])
    const seconds = expectLimited(await guest(), 'q=3;w=60')
    server.clock.advance(seconds * 1000 - 1000)
    expect(new Set(await statuses(5, guest))).toEqual(new Set([429]))
    server.clock.advance(1000)
    expect((await guest()).status).toBe(200)
  })

  test('another client key has its own limit; 0 means no limit', async () => {
    expect(await statuses(4, guest)).toEqual([200, 200, 200, 429])
    const responses = await Promise.all(Array.from({ length: 200 }, () => guest(acme.guestOnly)))
    expect(new Set(responses.map(({ status }) => status))).toEqual(new Set([200]))
  })

  test('tRPC and REST count together', async () => {
    const trpc = () => server.trpc('visitor.guest', { client_key: acme.limited }, { Origin: acme.origin })
    expect(await statuses(2, guest)).toEqual([200, 200])
    expect(await statuses(2, trpc)).toEqual([200, 429])
  })
})
