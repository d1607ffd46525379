import { describe, expect, test } from 'vitest'
import { acme, child, rival } from './support/fixtures/fixture.js'
import { expectFirst, expectReplay, keyed, newKey } from './support/fixtures/idempotency.js'
import { bodyOf, cardPath, introspect, mintCardToken, paths } from './support/fixtures/mint.js'
import { askRefusals, requestIdOf } from './support/fixtures/refusals.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const hour = 3_600_000
const unknownId = '00000000-0000-4000-8000-000000000000'

const server = withServer()

type Headers = Record<string, string>
const bridge = (key: string, body: unknown = { customer_id: acme.customer }, headers: Headers = {}) =>
  server.postAsAcme(paths.bridge, body, { 'Idempotency-Key': key, ...headers })
const card = (key: string, path = cardPath(acme.activeCard, 'REVEAL'), headers: Headers = {}) =>
  server.get(path, { ...bearer(acme.key), 'Idempotency-Key': key, ...headers })
const redeem = (key: string, widget_token: string, widget_type = 'REVEAL') =>
  server.postAsAcme(paths.redeem, { widget_token, widget_type }, { 'Idempotency-Key': key })

const families = [
  ['bridge', (key: string) => bridge(key)],
  ['card', (key: string) => card(key)],
] as const

describe.each(families)('Idempotency-Key at the %s endpoint', (_, send) => {
  test('200 again with the same bytes, any number of times', async () => {
    const key = newKey()
    const bytes = await expectFirst(await send(key))
    for (let i = 0; i < 3; i++) await expectReplay(await send(key), bytes)
  })

  test('another key, or no key, is a new request', async () => {
    const [one, two] = [await expectFirst(await send(newKey())), await expectFirst(await send(newKey()))]
    expect(one).not.toBe(two)
  })

  test('keys are case-sensitive', async () => {
    const key = newKey()
    await expectFirst(await send(key))
    await expectFirst(await send(key.toUpperCase()))
    await expectFirst(await send(`${key}x`))
  })
})

describe('Idempotency-Key at the bridge endpoint', () => {
  test('a replay echoes its own Request-Id, while the body keeps the id of the first request', async () => {
    const key = newKey()
    const bytes = await expectFirst(await bridge(key, undefined, { 'Request-Id': 'first' }))
    const again = await bridge(key, undefined, { 'Request-Id': 'second', 'Correlation-Id': 'trace' })
    expect(again.headers.get('request-id')).toBe('second')
    expect(again.headers.get('correlation-id')).toBe('trace')
    await expectReplay(again, bytes)
    const silent = await bridge(key)
    expect(silent.headers.get('request-id')).not.toBe(JSON.parse(bytes).meta.api_request_id)
  })

  test("member order, white space, upper case of a UUID and explicit defaults don't matter", async () => {
    const key = newKey()
    const bytes = await expectFirst(await bridge(key, { customer_id: acme.customer, external_id: 'a' }))
    const id = acme.customer.toUpperCase()
    const same = [
      `{ "external_id" : "a",\n "customer_id" : "${acme.customer}" }`,
      { external_id: 'a', customer_id: id, config: {} },
      { external_id: 'a', config: { processing_method: 'inline' }, customer_id: acme.customer },
    ]
    for (const body of same) await expectReplay(await bridge(key, body), bytes)
  })

  test('409 for another request under the key, and the first can still be replayed', async () => {
    const key = newKey()
    const bytes = await expectFirst(await bridge(key))
    const response = await bridge(key, { customer_id: acme.customer, external_id: 'x' })
    expect(response.status).toBe(409)
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect(response.headers.has('idempotent-replayed')).toBe(false)
    expect(await response.json()).toMatchObject({ error: { status: 409, type: '/conflict', title: 'Conflict' } })
    await expectReplay(await bridge(key), bytes)
  })

  test('only successes are remembered: after a refusal, any request can use the key', async () => {
    const key = newKey()
    expect((await bridge(key, { customer_id: unknownId })).status).toBe(404)
    expect((await bridge(key, { customer_id: acme.rejectedCustomer })).status).toBe(422)
    expect((await bridge(key, { customer_id: 'no uuid' })).status).toBe(422)
    expect((await bridge(key, '{')).status).toBe(400)
    const bytes = await expectFirst(await bridge(key))
    await expectReplay(await bridge(key), bytes)
  })

  test.each([
    ['x'.repeat(9), 400],
    ['x'.repeat(10), 200],
    ['with spaces and ~!', 200],
    ['x'.repeat(40), 200],
    ['x'.repeat(41), 400],
    ['clé-clé-clé', 400],
  ])('10 to 40 printable ASCII characters: "%s" returns %i', async (key, status) => {
    const response = await bridge(key)
    expect(response.status).toBe(status)
    if (status === 200) return
    expect((await response.json()).error.items).toEqual([{ detail: 'The Idempotency-Key header value is not valid.' }])
  })

  test('a success is remembered for 24 h, even after its token has expired, and then forgotten', async () => {
    const key = newKey()
    const bytes = await expectFirst(await bridge(key))
    server.clock.advance(24 * hour - 1)
    await expectReplay(await bridge(key), bytes)
    server.clock.advance(1)
    expect(await expectFirst(await bridge(key))).not.toBe(bytes)
  })

  test('the scope is account, acting account and operation, with any secret key', async () => {
    const key = newKey()
    const bytes = await expectFirst(await bridge(key))
    await expectFirst(await server.post(paths.bridge, { customer_id: rival.customer }, keyed(key, rival.key)))
    const acting = { 'Straddle-Account-Id': child.account }
    const asChild = await expectFirst(await bridge(key, { customer_id: child.customer }, acting))
    await expectFirst(await card(key))
    await expectReplay(await bridge(key), bytes)
    await expectReplay(await bridge(key, { customer_id: child.customer }, acting), asChild)
    await expectReplay(await bridge(key, undefined, { 'Straddle-Account-Id': acme.account }), bytes)
    const body = { customer_id: acme.customer }
    await expectReplay(await server.post(paths.bridge, body, keyed(key, 'My API Key')), bytes)
  })

  test('REST and tRPC share keys in both directions', async () => {
    const [key, other, input] = [newKey(), newKey(), { customer_id: acme.customer }]
    const { data } = JSON.parse(await expectFirst(await bridge(key)))
    const repeat = await server.trpc('bridge.initialize', input, keyed(key, acme.key))
    await expectReplay(repeat, JSON.stringify({ result: { data } }))
    const { result } = JSON.parse(
      await expectFirst(await server.trpc('bridge.initialize', input, keyed(other, acme.key))),
    )
    expect((await bodyOf<{ data: object }>(await bridge(other))).data).toEqual(result.data)
  })

  test('400 for a tRPC batch of several calls with one key', async () => {
    const input = { customer_id: acme.customer }
    const path = 'bridge.initialize,bridge.initialize?batch=1'
    const response = await server.trpc(path, { 0: input, 1: input }, keyed(newKey(), acme.key))
    expect(response.status).toBe(400)
  })
})

describe('Idempotency-Key at the card endpoint', () => {
  test('GET, POST, both paths and tRPC share keys', async () => {
    const key = newKey()
    const alias = `/cards/${acme.activeCard}/widget_token?widget_type=REVEAL`
    const bytes = await expectFirst(await card(key))
    await expectReplay(await card(key, alias), bytes)
    await expectReplay(await card(key, cardPath(acme.activeCard.toUpperCase(), 'REVEAL')), bytes)
    for (const path of [alias, cardPath(acme.activeCard, 'REVEAL')]) {
      await expectReplay(await server.postAsAcme(path, 'ignored', { 'Idempotency-Key': key }), bytes)
    }
    const input = { widget_type: 'REVEAL', card_id: acme.activeCard }
    const repeat = await server.trpc('card.widgetToken', input, keyed(key, acme.key))
    await expectReplay(repeat, JSON.stringify({ result: { data: JSON.parse(bytes) } }))
  })

  test('422 IDEMPOTENCY_INVALID_REUSE for another request under the key', async () => {
    const key = newKey()
    const bytes = await expectFirst(await card(key))
    const response = await card(key, cardPath(acme.activeCard, 'SET_PIN'))
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ code: 'IDEMPOTENCY_INVALID_REUSE', status: 422 })
    await expectReplay(await card(key), bytes)
  })

  test('only successes are remembered', async () => {
    const key = newKey()
    expect((await card(key, cardPath(unknownId, 'REVEAL'))).status).toBe(404)
    expect((await card(key, cardPath(acme.newCard, 'REVEAL'))).status).toBe(422)
    await expectFirst(await card(key))
  })

  test.each(['x', 'x'.repeat(255), 'any thing ~!'])('1 to 255 printable ASCII characters: "%s"', async (key) => {
    const bytes = await expectFirst(await card(key))
    await expectReplay(await card(key), bytes)
  })

  test('a success is remembered for 7 days, even after its token expired or was spent', async () => {
    const key = newKey()
    const bytes = await expectFirst(await card(key))
    const { widget_token } = JSON.parse(bytes)
    expect((await redeem(newKey(), widget_token)).status).toBe(200)
    await expectReplay(await card(key), bytes)
    server.clock.advance(7 * 24 * hour - 1)
    await expectReplay(await card(key), bytes)
    server.clock.advance(1)
    expect(await expectFirst(await card(key))).not.toBe(bytes)
  })
})

describe('Idempotency-Key at the redeem endpoint', () => {
  test('the successful response can be replayed for 24 h after the token was spent', async () => {
    const [key, token] = [newKey(), await mintCardToken(server)]
    const bytes = await expectFirst(await redeem(key, token))
    expect(await introspect(server, token)).toEqual({ active: false })
    await expectReplay(await redeem(key, token), bytes)
    server.clock.advance(24 * hour - 1)
    await expectReplay(await redeem(key, token), bytes)
    server.clock.advance(1)
    expect((await redeem(key, token)).status).toBe(422)
  })

  test('with another key, or none, the token was already used', async () => {
    const token = await mintCardToken(server)
    await expectFirst(await redeem(newKey(), token))
    for (const headers of [{ 'Idempotency-Key': newKey() }, new Headers()]) {
      const response = await server.postAsAcme(paths.redeem, { widget_token: token, widget_type: 'REVEAL' }, headers)
      expect(await response.json()).toMatchObject({ status: 422, code: 'TOKEN_ALREADY_USED' })
    }
  })

  test('422 for another token under the key, which is not spent; a refusal frees the key', async () => {
    const [key, one, two] = [newKey(), await mintCardToken(server), await mintCardToken(server)]
    expect(await (await redeem(key, one, 'SET_PIN')).json()).toMatchObject({ code: 'TOKEN_WRONG_WIDGET_TYPE' })
    await expectFirst(await redeem(key, one))
    expect(await (await redeem(key, two)).json()).toMatchObject({ code: 'IDEMPOTENCY_INVALID_REUSE' })
    expect(await introspect(server, two)).toMatchObject({ active: true })
  })
})

const revealed = { card_id: acme.activeCard, widget_type: 'REVEAL' }

test.each([
  [409, 'idempotency_conflict', 'bridge.initialize', { customer_id: acme.customer }, { external_id: 'x' }],
  [422, 'idempotency_invalid_reuse', 'card.widgetToken', revealed, { widget_type: 'SET_PIN' }],
] as const)('%d and the same reason in every response: %s', async (status, reason, operation, input, change) => {
  const headers = { ...bearer(acme.key), 'Idempotency-Key': newKey() }
  await expectFirst(await server.trpc(operation, input, headers))
  const refused = await server.trpc(operation, { ...input, ...change }, headers)
  expect([refused.status, refused.headers.get('x-should-retry')]).toEqual([status, 'false'])
  expect(await refused.json()).toMatchObject({ error: { data: { reason } } })
  expect(await askRefusals(server, requestIdOf(refused))).toMatchObject([{ operation, reason, status }])
  const activity = await (await server.get('/v1/admin/activity', bearer(acme.key))).json()
  expect(activity.data).toContainEqual(expect.objectContaining({ operation, outcome: reason }))
  const metrics = await (await server.get('/metrics')).text()
  expect(metrics).toContain(`{operation="${operation}",transport="trpc",status="${status}",reason="${reason}"} 1`)
})
