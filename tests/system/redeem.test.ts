import { describe, expect, test } from 'vitest'
import { acme, child, rival } from './support/fixtures/fixture.js'
import {
  bodyOf,
  cardPath,
  introspect,
  mintBridgeToken,
  mintCardToken,
  mintUserToken,
  paths,
  revoke,
  type WidgetTypeName,
} from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const unknownToken = '0b0319e2-d5f4-49cb-b426-9ff9b2e96969'

const server = withServer()

const redeem = (body: unknown, headers?: HeadersInit) => server.postAsAcme(paths.redeem, body, headers)
const redeemToken = (widget_token: string, widget_type: WidgetTypeName = 'REVEAL') =>
  redeem({ widget_token, widget_type })

async function refused(response: Response, status: number, code: string): Promise<void> {
  const body = await response.json()
  expect(body).toEqual({ code, detail: expect.stringMatching(/./), status })
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/json')
}

describe('POST /v1/widget_tokens/redeem', () => {
  test('200 once, with the card of the token', async () => {
    const token = await mintCardToken(server)
    const response = await redeemToken(token)
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    const body = await response.json()
    expect(body).toEqual({
      tenant: '2_3',
      card_id: acme.activeCard,
      widget_type: 'REVEAL',
      redeemed_at: new Date(server.clock.now()).toISOString(),
    })
    expect(await introspect(server, token)).toEqual({ active: false })
  })

  test.each<[WidgetTypeName, string]>([
    ['ACTIVATE', acme.newCard],
    ['GET_PIN', acme.activeCard],
    ['REVEAL', acme.activeCard],
    ['SET_PIN', acme.activeCard],
  ])("200 for %s, which leaves the card's state unchanged", async (type, card) => {
    const mint = async () => bodyOf<{ widget_token: string }>(await server.get(cardPath(card, type), bearer(acme.key)))
    expect((await redeemToken((await mint()).widget_token, type)).status).toBe(200)
    expect((await redeemToken((await mint()).widget_token, type)).status).toBe(200)
  })

  test('200 over tRPC, which also spends the token for REST', async () => {
    const widget_token = await mintCardToken(server)
    const response = await server.trpc('tokens.redeem', { widget_token, widget_type: 'REVEAL' }, bearer(acme.key))
    expect(await bodyOf(response)).toMatchObject({ result: { data: { card_id: acme.activeCard } } })
    await refused(await redeemToken(widget_token), 422, 'TOKEN_ALREADY_USED')
  })

  test("spending one token leaves the card's other tokens valid", async () => {
    const [one, two] = [await mintCardToken(server), await mintCardToken(server)]
    expect((await redeemToken(one)).status).toBe(200)
    expect((await redeemToken(two)).status).toBe(200)
  })

  test('422 TOKEN_ALREADY_USED the second time, for any widget type', async () => {
    const token = await mintCardToken(server)
    await redeemToken(token)
    await refused(await redeemToken(token), 422, 'TOKEN_ALREADY_USED')
    await refused(await redeemToken(token, 'SET_PIN'), 422, 'TOKEN_ALREADY_USED')
  })

  test('422 TOKEN_WRONG_WIDGET_TYPE, and the token is not spent', async () => {
    const token = await mintCardToken(server)
    await refused(await redeemToken(token, 'SET_PIN'), 422, 'TOKEN_WRONG_WIDGET_TYPE')
    await refused(await redeemToken(token, 'ACTIVATE'), 422, 'TOKEN_WRONG_WIDGET_TYPE')
    expect((await redeemToken(token)).status).toBe(200)
  })

  test('422 TOKEN_REVOKED', async () => {
    const token = await mintCardToken(server)
    expect((await revoke(server, token)).status).toBe(200)
    await refused(await redeemToken(token), 422, 'TOKEN_REVOKED')
  })

  test('a token lives 5 minutes: 200 a millisecond before, 422 TOKEN_EXPIRED at the limit', async () => {
    const [early, late] = [await mintCardToken(server), await mintCardToken(server)]
    server.clock.advance(299_999)
    expect((await redeemToken(early)).status).toBe(200)
    server.clock.advance(1)
    await refused(await redeemToken(late), 422, 'TOKEN_EXPIRED')
    await refused(await redeemToken(early), 422, 'TOKEN_ALREADY_USED')
  })

  test("404 with the same bytes for a token that is unknown, another account's or of another kind", async () => {
    const foreign = await bodyOf<{ widget_token: string }>(
      await server.get(cardPath(rival.card, 'REVEAL'), bearer(rival.key)),
    )
    const others = [await mintBridgeToken(server), await mintUserToken(server)]
    const bodies = new Set<string>()
    for (const token of [unknownToken, foreign.widget_token, 'x', ...others]) {
      const response = await redeemToken(token)
      bodies.add(await response.clone().text())
      await refused(response, 404, 'RESOURCE_NOT_FOUND')
    }
    expect(bodies.size).toBe(1)
    const own = await server.post(
      paths.redeem,
      { widget_token: foreign.widget_token, widget_type: 'REVEAL' },
      bearer(rival.key),
    )
    expect(own.status).toBe(200)
  })

  test("404 for the child of the token's account and for another account; it is not spent", async () => {
    const widget_token = await mintCardToken(server)
    for (const account of [child.account, rival.account]) {
      const response = await redeem({ widget_token, widget_type: 'REVEAL' }, { 'Straddle-Account-Id': account })
      await refused(response, 404, 'RESOURCE_NOT_FOUND')
    }
    expect((await redeemToken(widget_token)).status).toBe(200)
  })

  test.each([{}, bearer('sk_test_unknown'), bearer(acme.disabledKey)])(
    '401 UNAUTHENTICATED without a known and enabled key: %o',
    async (headers) => {
      const response = await server.post(paths.redeem, {}, headers)
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
      await refused(response, 401, 'UNAUTHENTICATED')
    },
  )

  test('403 FORBIDDEN if the key lacks the scope, and the token is not spent', async () => {
    const widget_token = await mintCardToken(server)
    const body = { widget_token, widget_type: 'REVEAL' }
    await refused(await server.post(paths.redeem, body, bearer(acme.keyWithoutScopes)), 403, 'FORBIDDEN')
    expect((await redeem(body)).status).toBe(200)
  })

  test('400 BAD_REQUEST for a body that is not JSON and for an invalid header', async () => {
    await refused(await redeem('{'), 400, 'BAD_REQUEST')
    const body = { widget_token: unknownToken, widget_type: 'REVEAL' }
    await refused(await redeem(body, { 'Idempotency-Key': '' }), 400, 'BAD_REQUEST')
  })

  test.each<[field: string, body: unknown]>([
    ['widget_token', { widget_type: 'REVEAL' }],
    ['widget_token', { widget_token: '', widget_type: 'REVEAL' }],
    ['widget_token', { widget_token: 7, widget_type: 'REVEAL' }],
    ['widget_token', { widget_token: 'x'.repeat(1025), widget_type: 'REVEAL' }],
    ['widget_token', { widget_token: 'a\u0000b', widget_type: 'REVEAL' }],
    ['widget_type', { widget_token: unknownToken }],
    ['widget_type', { widget_token: unknownToken, widget_type: 'reveal' }],
    ['colour', { widget_token: unknownToken, widget_type: 'REVEAL', colour: 'blue' }],
  ])('422 names the invalid field: %s', async (field, body) => {
    const response = await redeem(body)
    expect(response.status).toBe(422)
    expect(await response.json()).toMatchObject({ status: 422, detail: expect.stringContaining(field) })
  })

  test.each(['[]', 'null', '"x"'])('422 for a body that is not an object: %s', async (body) => {
    expect((await redeem(body)).status).toBe(422)
  })

  test('405, 413 and 415', async () => {
    await refused(await server.get(paths.redeem, bearer(acme.key)), 405, 'METHOD_NOT_ALLOWED')
    await refused(await redeem('{}'.padEnd(65_537)), 413, 'PAYLOAD_TOO_LARGE')
    await refused(await redeem({}, { 'Content-Type': 'text/plain' }), 415, 'UNSUPPORTED_MEDIA_TYPE')
    await refused(await redeem({}, { 'Content-Encoding': 'gzip' }), 415, 'UNSUPPORTED_MEDIA_TYPE')
  })

  test('the first problem is reported: content type, key, scope, account, headers, body, handler', async () => {
    const wrong = { 'Idempotency-Key': '', 'Straddle-Account-Id': rival.account, 'Content-Type': 'text/plain' }
    const json = { ...wrong, 'Content-Type': 'application/json' }
    const own = { ...json, 'Straddle-Account-Id': acme.account }
    await refused(await server.post(paths.redeem, '{', wrong), 415, 'UNSUPPORTED_MEDIA_TYPE')
    await refused(await server.post(paths.redeem, '{', json), 401, 'UNAUTHENTICATED')
    const limited = { ...json, ...bearer(acme.keyWithoutScopes) }
    await refused(await server.post(paths.redeem, '{', limited), 403, 'FORBIDDEN')
    await refused(await redeem('{', json), 404, 'RESOURCE_NOT_FOUND')
    const header = await redeem('{', own)
    expect((await header.clone().json()).detail).toContain('Idempotency-Key')
    await refused(header, 400, 'BAD_REQUEST')
    const fine = { ...own, 'Idempotency-Key': 'order-of-checks' }
    await refused(await redeem('{', fine), 400, 'BAD_REQUEST')
    expect((await redeem('{}', fine)).status).toBe(422)
    const body = { widget_token: unknownToken, widget_type: 'REVEAL' }
    await refused(await redeem(body, fine), 404, 'RESOURCE_NOT_FOUND')
  })
})
