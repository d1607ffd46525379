import { describe, expect, test } from 'vitest'
import { acme, child, rival } from './support/fixtures/fixture.js'
import { bodyOf, cardPath, introspect, mintCardToken, paths, type WidgetTypeName } from './support/fixtures/mint.js'
import { sendRaw } from './support/http/send-raw.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
const unknownCard = '00000000-0000-4000-8000-000000000000'

const server = withServer()

const get = (path: string, headers?: Record<string, string>) => server.get(path, { ...bearer(acme.key), ...headers })

/** Expects a refusal in the shape of the Card API. Returns its body. */
async function refusal(response: Response, status: number, code: string): Promise<Record<string, unknown>> {
  const body = await response.json()
  expect(body).toMatchObject({ code, detail: expect.stringMatching(/./), status })
  expect(response.status).toBe(status)
  expect(response.headers.get('content-type')).toBe('application/json')
  return body
}

const refused = async (response: Response, status: number, code: string) =>
  expect(Object.keys(await refusal(response, status, code))).toEqual(['code', 'detail', 'status'])

describe('GET /v1/cards/{card_id}/widget_token', () => {
  test('200 for the documented example, with the tenant and a token, and no caching', async () => {
    const response = await get('/v1/cards/7d943c51-e4ff-4e57-9558-08cab6b963c7/widget_token?widget_type=REVEAL', {
      'Idempotency-Key': '7d943c51-e4ff-4e57-9558-08cab6b963c7',
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const body = await response.json()
    expect(Object.keys(body)).toEqual(['tenant', 'widget_token'])
    expect(body).toEqual({ tenant: '2_3', widget_token: expect.stringMatching(uuid) })
  })

  test.each<[WidgetTypeName, string]>([
    ['ACTIVATE', acme.newCard],
    ['GET_PIN', acme.activeCard],
    ['REVEAL', acme.activeCard],
    ['SET_PIN', acme.activeCard],
  ])('200 for %s in the state that it requires', async (type, card) => {
    const { widget_token } = await bodyOf<{ widget_token: string }>(await get(cardPath(card, type)))
    expect(await introspect(server, widget_token)).toMatchObject({ active: true, card_id: card, widget_type: type })
  })

  test.each([
    ['GET', `/cards/${acme.activeCard}/widget_token?widget_type=REVEAL`],
    ['POST', cardPath(acme.activeCard, 'REVEAL')],
    ['POST', `/cards/${acme.activeCard}/widget_token?widget_type=REVEAL`],
    ['GET', cardPath(acme.activeCard.toUpperCase(), 'REVEAL')],
  ])('200 for %s %s too', async (method, path) => {
    const response = await fetch(server.url + path, { method, headers: bearer(acme.key) })
    expect(await bodyOf(response)).toEqual({ tenant: '2_3', widget_token: expect.stringMatching(uuid) })
  })

  test('200 over tRPC, but only as a mutation', async () => {
    const input = { card_id: acme.activeCard, widget_type: 'REVEAL' }
    const response = await server.trpc('card.widgetToken', input, bearer(acme.key))
    const { result } = await bodyOf<{ result: { data: object } }>(response)
    expect(result.data).toEqual({ tenant: '2_3', widget_token: expect.stringMatching(uuid) })
    const query = await get(`/trpc/card.widgetToken?input=${encodeURIComponent(JSON.stringify(input))}`)
    expect(query.status).toBe(405)
  })

  test.each([
    ['application/json', '{"widget_type":"SET_PIN","card_id":"x"}'],
    ['application/json', '{'],
    ['text/plain', 'anything'],
    ['no media type', 'anything'],
    ['application/x-www-form-urlencoded', 'widget_type=SET_PIN'],
  ])('200 by POST for any body, and the query applies: %s %s', async (type, body) => {
    const headers = { ...bearer(acme.key), 'Content-Type': type }
    const response = await fetch(server.url + cardPath(acme.activeCard, 'REVEAL'), { method: 'POST', headers, body })
    const { widget_token } = await bodyOf<{ widget_token: string }>(response)
    expect(await introspect(server, widget_token)).toMatchObject({ widget_type: 'REVEAL' })
  })

  test('minting does not end older tokens of the same card', async () => {
    const tokens = [await mintCardToken(server), await mintCardToken(server), await mintCardToken(server, 'SET_PIN')]
    expect(new Set(tokens).size).toBe(3)
    for (const token of tokens) expect(await introspect(server, token)).toMatchObject({ active: true })
  })

  test.each([
    '',
    '?widget_type=',
    '?widget_type=reveal',
    '?widget_type=OTHER',
    '?widget_type=REVEAL&widget_type=REVEAL',
    '?type=REVEAL',
  ])('400 BAD_QUERY_PARAMETER if widget_type is missing, repeated or unknown: "%s"', async (query) => {
    const response = await get(`/v1/cards/${acme.activeCard}/widget_token${query}`)
    await refused(response, 400, 'BAD_QUERY_PARAMETER')
  })

  test.each(['no-uuid', `${acme.activeCard}0`, '%00', 'x'.repeat(300)])(
    '400 BAD_REQUEST for a card_id that is not a UUID: %s',
    async (card) => {
      await refused(await get(cardPath(card, 'REVEAL')), 400, 'BAD_REQUEST')
    },
  )

  test.each<Record<string, string>>([
    { 'Idempotency-Key': '' },
    { 'Idempotency-Key': 'x'.repeat(256) },
    { 'Idempotency-Key': 'clé' },
    { 'Request-Id': 'x'.repeat(201) },
    { 'Straddle-Account-Id': 'no uuid' },
  ])('400 BAD_REQUEST for an invalid header: %o', async (headers) => {
    await refused(await get(cardPath(acme.activeCard, 'REVEAL'), headers), 400, 'BAD_REQUEST')
  })

  test.each([
    ['Authorization', `Bearer ${acme.key}`],
    ['Idempotency-Key', 'same'],
    ['Request-Id', 'same'],
    ['Correlation-Id', 'same'],
    ['Straddle-Account-Id', acme.account],
  ])('400 BAD_REQUEST for %s twice, even if both are equal', async (name, value) => {
    const once: [string, string][] = name === 'Authorization' ? [] : [['Authorization', `Bearer ${acme.key}`]]
    const headers: [string, string][] = [...once, [name, value], [name, value]]
    const response = await sendRaw(server.url + cardPath(acme.activeCard, 'REVEAL'), { method: 'GET', headers })
    expect(response.status).toBe(400)
    expect(JSON.parse(response.body)).toMatchObject({ code: 'BAD_REQUEST', status: 400 })
  })

  test.each([{}, bearer('sk_test_unknown'), bearer(acme.disabledKey), bearer(''), { Authorization: 'Basic YTpi' }])(
    '401 UNAUTHENTICATED without a known and enabled key, before any other check: %o',
    async (headers) => {
      for (const path of [cardPath(acme.activeCard, 'REVEAL'), '/v1/cards/no-uuid/widget_token']) {
        const response = await server.get(path, headers)
        expect(response.headers.get('www-authenticate')).toBe('Bearer')
        await refused(response, 401, 'UNAUTHENTICATED')
      }
    },
  )

  test('200 for a key that contains spaces, as in the tests of the official SDK', async () => {
    expect((await get(cardPath(acme.activeCard, 'REVEAL'), bearer('My API Key'))).status).toBe(200)
  })

  test('403 FORBIDDEN if the key lacks the scope', async () => {
    const response = await get(cardPath(acme.activeCard, 'REVEAL'), bearer(acme.keyWithoutScopes))
    await refused(response, 403, 'FORBIDDEN')
  })

  test("404 RESOURCE_NOT_FOUND with the same bytes for an unknown card and another account's", async () => {
    const [unknown, foreign] = await Promise.all(
      [unknownCard, rival.card].map(async (card) => {
        const response = await get(cardPath(card, 'REVEAL'))
        await refused(response.clone(), 404, 'RESOURCE_NOT_FOUND')
        return response.text()
      }),
    )
    expect(unknown).toBe(foreign)
  })

  test('404 for a child that has no such card, and for an acting account of another platform', async () => {
    for (const account of [child.account, rival.account, unknownCard]) {
      const response = await get(cardPath(acme.activeCard, 'REVEAL'), { 'Straddle-Account-Id': account })
      await refused(response, 404, 'RESOURCE_NOT_FOUND')
    }
    const own = { 'Straddle-Account-Id': acme.account }
    expect((await get(cardPath(acme.activeCard, 'REVEAL'), own)).status).toBe(200)
  })

  test.each<[WidgetTypeName, string, string[]]>([
    ['ACTIVATE', acme.activeCard, ['UNACTIVATED']],
    ['ACTIVATE', acme.suspendedCard, ['UNACTIVATED']],
    ['GET_PIN', acme.newCard, ['ACTIVE']],
    ['REVEAL', acme.newCard, ['ACTIVE']],
    ['REVEAL', acme.suspendedCard, ['ACTIVE']],
    ['SET_PIN', acme.newCard, ['ACTIVE']],
  ])('422 INVALID_STATUS for %s on card %s, naming %o', async (type, card, valid_status) => {
    const body = await refusal(await get(cardPath(card, type)), 422, 'INVALID_STATUS')
    expect(body.valid_status).toEqual(valid_status)
  })

  test.each(['HEAD', 'PUT', 'PATCH', 'DELETE'])('405 for %s', async (method) => {
    const response = await fetch(server.url + cardPath(acme.activeCard, 'REVEAL'), {
      method,
      headers: bearer(acme.key),
    })
    expect(response.headers.get('allow')?.split(', ').sort()).toEqual(['GET', 'POST'])
    if (method !== 'HEAD') await refused(response, 405, 'METHOD_NOT_ALLOWED')
    else expect(response.status).toBe(405)
  })

  test.each(['/v1/cards', '/v1/cards/x', `/v1/cards/${acme.activeCard}/other`, '/cards'])(
    '404 RESOURCE_NOT_FOUND for an unknown path of the family: %s',
    async (path) => {
      await refused(await get(path), 404, 'RESOURCE_NOT_FOUND')
    },
  )

  test('413 PAYLOAD_TOO_LARGE for a body over 65,536 bytes, although it is ignored', async () => {
    const response = await server.postAsAcme(cardPath(acme.activeCard, 'REVEAL'), 'x'.repeat(65_537))
    await refused(response, 413, 'PAYLOAD_TOO_LARGE')
  })

  test('415 UNSUPPORTED_MEDIA_TYPE at the endpoint of the family that takes a body', async () => {
    const response = await server.postAsAcme(paths.redeem, 'x', { 'Content-Type': 'text/plain' })
    await refused(response, 415, 'UNSUPPORTED_MEDIA_TYPE')
  })
})
