import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { cardPath, mintEmbedTicket, mintGuest, mintUserToken, paths } from './support/fixtures/mint.js'
import { bearer, startServer, type TestServer } from './support/servers/in-process-server.js'

const limit = 20
const batchSize = 20
const widgetOrigin = 'https://widgets.example'
/** Each test has its own attacker, and an uninvolved caller. */
let attacker = ''
const other = '203.0.113.200'
let tests = 0

let server: TestServer
beforeAll(async () => {
  const config = { trustProxy: 1, failedCredentialsPerMinute: limit, widgetOrigins: [widgetOrigin] }
  server = await startServer({ config })
})
beforeEach(() => {
  attacker = `198.51.100.${++tests}`
})
afterAll(() => server.stop())

const from = (address: string) => ({ 'X-Forwarded-For': address })
const card = (secret: string, address = attacker) =>
  server.get(cardPath(acme.activeCard, 'REVEAL'), { ...bearer(secret), ...from(address) })

/** Makes calls in concurrent groups. Returns how often each status came. */
async function count(calls: number, send: (index: number) => Promise<Response>): Promise<Record<number, number>> {
  const counts: Record<number, number> = {}
  for (let index = 0; index < calls; index += 50) {
    const group = Array.from({ length: Math.min(50, calls - index) }, (_, within) => send(index + within))
    for (const { status } of await Promise.all(group)) counts[status] = (counts[status] ?? 0) + 1
  }
  return counts
}

/** One request with this many calls, all with this key. */
function sendBatch(secret: string): Promise<Response> {
  const procedures = Array(batchSize).fill('tokens.revoke').join(',')
  const inputs = Object.fromEntries(Array.from({ length: batchSize }, (_, index) => [index, { token: 'x' }]))
  return server.post(`/trpc/${procedures}?batch=1`, inputs, { ...bearer(secret), ...from(attacker) })
}

async function statusesOf(batch: Promise<Response>): Promise<number[]> {
  const results = (await (await batch).json()) as { error: { data: { httpStatus: number } } }[]
  return results.map(({ error }) => error.data.httpStatus)
}

/** The token with one letter changed in its signature or its sealed part. */
function forge(token: string): string {
  const at = token.length - 10
  return token.slice(0, at) + (token[at] === 'A' ? 'B' : 'A') + token.slice(at + 1)
}

describe('wrong secret keys', () => {
  test('3,000 from one address: 429 after the limit, and callers elsewhere are unaffected', async () => {
    const batches = Array.from({ length: 3_000 / batchSize }, (_, index) => sendBatch(`sk_test_wrong_${index}`))
    const statuses = (await Promise.all(batches.map(statusesOf))).flat()
    expect(statuses.filter((status) => status === 401)).toHaveLength(limit)
    expect(statuses.filter((status) => status === 429)).toHaveLength(3_000 - limit)
    expect((await card(acme.key)).status).toBe(429)
    expect((await card(acme.key, other)).status).toBe(200)
  })

  test('a known, a disabled and an unknown key get the same 429', async () => {
    await count(limit, () => card('sk_test_wrong'))
    const [first, ...rest] = await Promise.all(
      [acme.key, acme.disabledKey, 'sk_test_unknown', 'x'].map(async (secret) => {
        const response = await card(secret)
        const headers = Object.fromEntries(response.headers)
        for (const name of ['date', 'request-id']) delete headers[name]
        return { status: response.status, headers, body: await response.text() }
      }),
    )
    expect(first).toMatchObject({
      status: 429,
      headers: {
        'retry-after': '60',
        'ratelimit-policy': `"default";q=${limit};w=60`,
        ratelimit: '"default";r=0;t=60',
        'cache-control': 'no-store',
      },
    })
    for (const one of rest) expect(one).toEqual(first)
  })

  test('disabled keys count like unknown ones, and a missing key does not count', async () => {
    const missing = () => server.get(cardPath(acme.activeCard, 'REVEAL'), from(attacker))
    expect(await count(limit + 10, missing)).toEqual({ 401: limit + 10 })
    expect(await count(limit, () => card(acme.disabledKey))).toEqual({ 401: limit })
    expect((await card(acme.key)).status).toBe(429)
    // without a key, there is nothing to check and nothing to limit
    expect((await missing()).status).toBe(401)
  })

  test('200 again after waiting for Retry-After', async () => {
    await count(limit, () => card('sk_test_wrong'))
    const seconds = Number((await card(acme.key)).headers.get('retry-after'))
    server.clock.advance(seconds * 1_000 - 1)
    expect((await card(acme.key)).status).toBe(429)
    server.clock.advance(1)
    expect((await card(acme.key)).status).toBe(200)
  })

  test('correct keys never count, and can all be used at once', async () => {
    expect(await count(3 * limit, () => card(acme.keyWithoutScopes))).toEqual({ 403: 3 * limit })
  })

  test('REST and tRPC count together, and a tRPC batch of 20 counts 20', async () => {
    expect(await count(5, () => card('sk_test_wrong'))).toEqual({ 401: 5 })
    const statuses = await statusesOf(sendBatch('sk_test_wrong'))
    expect(statuses.toSorted()).toEqual([...Array(limit - 5).fill(401), ...Array(5).fill(429)])
    expect(await statusesOf(sendBatch(acme.key))).toEqual(Array(batchSize).fill(429))
    expect((await card(acme.key)).status).toBe(429)
  })

  test.each<[transport: string, send: (headers: Record<string, string>) => Promise<Response>, body: RegExp]>([
    ['Bridge', (headers) => server.post(paths.bridge, {}, headers), /"type":"\/rate_limited"/],
    ['Visitor', (headers) => server.post(paths.userToken, {}, headers), /^Too many requests[^{]*$/],
    ['Card', (headers) => server.get(cardPath(acme.activeCard, 'REVEAL'), headers), /"code":"TOO_MANY_REQUESTS"/],
    ['OAuth', (headers) => server.postForm(paths.introspect, { token: 'x' }, headers), /"error":"\w+","error_desc/],
    ['tRPC', (headers) => server.trpc('tokens.revoke', { token: 'x' }, headers), /"retry_after":60/],
  ])('429 in the form of %s', async (_, send, body) => {
    await count(limit, () => card('sk_test_wrong'))
    const response = await send({ ...bearer(acme.key), ...from(attacker) })
    expect(response.status).toBe(429)
    expect(response.headers.get('retry-after')).toBe('60')
    expect(await response.text()).toMatch(body)
  })

  test('an IPv6 sweep gets 16 times the limit from a /48, and the next /48 is unaffected', async () => {
    const statuses: number[] = []
    for (let subnet = 0; subnet < 20; subnet++) {
      attacker = `2001:db8:1:${(subnet * 0x100).toString(16)}::1`
      statuses.push(...(await statusesOf(sendBatch('sk_test_wrong'))))
    }
    expect(statuses).toEqual([...Array(16 * limit).fill(401), ...Array(4 * limit).fill(429)])
    expect((await card(acme.key, '2001:db8:2::1')).status).toBe(200)
  })
})

type Post = [path: string, body: object, origin?: string]

describe('forged tokens', () => {
  const kinds: [kind: string, status: number, make: (isForged: boolean) => Promise<Post>][] = [
    [
      'a visitor token',
      400,
      async (isForged) => [paths.exchange, { token: change(isForged, await mintUserToken(server)) }],
    ],
    [
      'a refresh token',
      400,
      async (isForged) => [paths.refresh, { refresh_token: change(isForged, (await mintGuest(server)).refresh_token) }],
    ],
    [
      'a session token with a valid visitor token',
      400,
      async (isForged) => {
        const session_token = change(isForged, (await mintGuest(server)).token)
        return [paths.exchange, { token: await mintUserToken(server), session_token }]
      },
    ],
    [
      'an embed ticket',
      403,
      async (isForged) => {
        const embed_ticket = change(isForged, await mintEmbedTicket(server))
        return [paths.guest, { client_key: acme.clientKey, embed_ticket }, widgetOrigin]
      },
    ],
  ]
  const change = (isForged: boolean, token: string) => (isForged ? forge(token) : token)
  const post = ([path, body, Origin = acme.origin]: Post, address = attacker) =>
    server.post(path, body, { Origin, ...from(address) })

  test.each(kinds)('of %s: 429 after the limit, even for a valid one', async (_, status, make) => {
    const forged = await make(true)
    expect(await count(limit + 20, () => post(forged))).toEqual({ [status]: limit, 429: 20 })
    const good = await make(false)
    const refused = await post(good)
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('60')
    expect(refused.headers.get('x-error-reason')).toBe('rate_limited')
    expect(refused.headers.get('access-control-allow-origin')).toBe(good[2] ?? acme.origin)
    // it was not spent, and is still valid for callers elsewhere
    expect((await post(good, other)).status).toBe(200)
  })

  test('of all kinds count together, and separately from secret keys', async () => {
    for (const [, , make] of kinds) {
      const forged = await make(true)
      await count(limit / kinds.length, () => post(forged))
    }
    for (const [, , make] of kinds) expect((await post(await make(false))).status).toBe(429)
    expect((await card(acme.key)).status).toBe(200)
  })

  test('expired tokens of this server do not count', async () => {
    const visitor: Post = [paths.exchange, { token: await mintUserToken(server) }]
    const refresh: Post = [paths.refresh, { refresh_token: (await mintGuest(server)).refresh_token }]
    server.clock.advance(8 * 24 * 3_600_000)
    expect(await count(limit + 10, () => post(visitor))).toEqual({ 400: limit + 10 })
    expect(await count(limit + 10, () => post(refresh))).toEqual({ 400: limit + 10 })
    expect((await post([paths.exchange, { token: await mintUserToken(server) }])).status).toBe(200)
  })

  test('introspected or revoked by a backend do not count for its address', async () => {
    const forged = forge(await mintUserToken(server))
    for (const path of [paths.introspect, paths.revoke]) {
      const send = () => server.postForm(path, { token: forged }, from(attacker))
      expect(await count(limit + 10, send)).toEqual({ 200: limit + 10 })
    }
    expect((await card(acme.key)).status).toBe(200)
    expect((await post([paths.exchange, { token: await mintUserToken(server) }])).status).toBe(200)
  })
})
