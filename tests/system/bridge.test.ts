import { decodeJwt, decodeProtectedHeader } from 'jose'
import { describe, expect, test } from 'vitest'
import { acme, child, live, rival } from './support/fixtures/fixture.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const path = '/v1/bridge/initialize'
const uuidV7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

const server = withServer()

describe('POST /v1/bridge/initialize', () => {
  test('200 for a known customer, in the documented shape and order', async () => {
    const response = await server.postAsAcme(path, { customer_id: acme.customer })
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    const body = await response.json()
    expect(Object.keys(body)).toEqual(['data', 'meta', 'response_type'])
    expect(Object.keys(body.data)).toEqual(['bridge_token'])
    expect(body.meta.api_request_id).toMatch(uuidV7)
    expect(new Date(body.meta.api_request_timestamp).toISOString()).toBe(body.meta.api_request_timestamp)
    expect(body.response_type).toBe('object')
  })

  test('the token contains exactly the documented claims', async () => {
    const response = await server.postAsAcme(path, {
      customer_id: acme.customer,
      config: { processing_method: 'background', sandbox_outcome: 'review' },
      external_id: 'paykey-1',
    })
    const { bridge_token } = (await response.json()).data
    const now = Math.floor(server.clock.now() / 1000)
    expect(decodeProtectedHeader(bridge_token)).toEqual({ alg: 'ES256', kid: expect.any(String), typ: 'bridge+jwt' })
    expect(decodeJwt(bridge_token)).toEqual({
      iss: server.url,
      aud: 'bridge',
      sub: acme.customer,
      account_id: acme.account,
      api_key_id: expect.any(String),
      environment: 'sandbox',
      external_id: 'paykey-1',
      processing_method: 'background',
      sandbox_outcome: 'review',
      iat: now,
      exp: now + 4 * 3600,
      jti: expect.any(String),
    })
  })

  test('external_id may be empty or null; null adds no claim', async () => {
    const empty = await server.postAsAcme(path, { customer_id: acme.customer, external_id: '' })
    expect(decodeJwt((await empty.json()).data.bridge_token)).toMatchObject({ external_id: '' })
    const none = await server.postAsAcme(path, { customer_id: acme.customer, external_id: null })
    expect(decodeJwt((await none.json()).data.bridge_token)).not.toHaveProperty('external_id')
  })

  test('400 if the body is not JSON', async () => {
    const response = await server.postAsAcme(path, '{"customer_id":')
    expect(response.status).toBe(400)
    const body = await response.json()
    expect(body.data).toEqual(body.error)
    expect(body).toMatchObject({
      error: { status: 400, type: '/bad_request', title: 'Bad Request' },
      response_type: 'error',
    })
  })

  test('400 for an Idempotency-Key that is too short, with the documented item', async () => {
    const response = await server.postAsAcme(path, { customer_id: acme.customer }, { 'Idempotency-Key': 'short' })
    expect(response.status).toBe(400)
    expect((await response.json()).error).toMatchObject({
      detail: 'The Idempotency-Key header must be 10 to 40 printable ASCII characters.',
      items: [{ detail: 'The Idempotency-Key header value is not valid.' }],
    })
  })

  test.each([{}, bearer('sk_test_unknown'), bearer(acme.disabledKey), { Authorization: 'Basic YTpi' }])(
    '401 without a known and enabled key: %o',
    async (headers) => {
      const response = await server.post(path, { customer_id: acme.customer }, headers)
      expect(response.status).toBe(401)
      expect(response.headers.get('www-authenticate')).toBe('Bearer')
      expect((await response.json()).error).toMatchObject({ type: '/unauthorized', title: 'Unauthorized' })
    },
  )

  test('403 if the key lacks the scope', async () => {
    const response = await server.post(path, { customer_id: acme.customer }, bearer(acme.keyWithoutScopes))
    expect(response.status).toBe(403)
    expect((await response.json()).error.type).toBe('/forbidden')
  })

  test('404 with the same body for an unknown customer and one of another account', async () => {
    const responses = await Promise.all(
      ['00000000-0000-4000-8000-000000000000', rival.customer].map(async (customer_id) => {
        const response = await server.postAsAcme(path, { customer_id })
        expect(response.status).toBe(404)
        return (await response.json()).error
      }),
    )
    expect(responses[0]).toEqual(responses[1])
    expect(responses[0]).toMatchObject({ type: '/not_found', items: [{ reference: 'customer_id' }] })
  })

  test('404 with the same body for an unknown acting account and one of another account', async () => {
    for (const account of ['00000000-0000-4000-8000-000000000000', rival.account]) {
      const headers = { 'Straddle-Account-Id': account }
      expect((await server.postAsAcme(path, { customer_id: acme.customer }, headers)).status).toBe(404)
    }
  })

  test('a platform acts for its child, whose customers and account_id then apply', async () => {
    const headers = { 'Straddle-Account-Id': child.account.toUpperCase() }
    const response = await server.postAsAcme(path, { customer_id: child.customer }, headers)
    expect(decodeJwt((await response.json()).data.bridge_token)).toMatchObject({ account_id: child.account })
    expect((await server.postAsAcme(path, { customer_id: acme.customer }, headers)).status).toBe(404)
    expect((await server.postAsAcme(path, { customer_id: child.customer })).status).toBe(404)
  })

  test.each(['GET', 'PUT', 'DELETE', 'PATCH', 'HEAD'])('405 for %s', async (method) => {
    const response = await fetch(server.url + path, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('POST')
    if (method !== 'HEAD') expect((await response.json()).error.type).toBe('/method_not_allowed')
  })

  test('409 if a key is reused for another request', async () => {
    const headers = { 'Idempotency-Key': 'bridge-conflict-1' }
    expect((await server.postAsAcme(path, { customer_id: acme.customer }, headers)).status).toBe(200)
    const response = await server.postAsAcme(path, { customer_id: acme.customer, external_id: 'other' }, headers)
    expect(response.status).toBe(409)
    expect(response.headers.get('x-should-retry')).toBe('false')
    expect((await response.json()).error.type).toBe('/conflict')
  })

  test('413 for a body over 64 KiB, 415 for another content type', async () => {
    const large = await server.postAsAcme(path, { customer_id: acme.customer, external_id: 'x'.repeat(70_000) })
    expect(large.status).toBe(413)
    expect((await large.json()).error.type).toBe('/payload_too_large')
    const form = await server.postAsAcme(path, 'customer_id=1', { 'Content-Type': 'text/plain' })
    expect(form.status).toBe(415)
    expect((await form.json()).error.type).toBe('/unsupported_media_type')
  })

  test('422 names every problem by its dotted path', async () => {
    const response = await server.postAsAcme(path, {
      customer_id: 'no uuid',
      config: { processing_method: 'fast' },
      colour: 'blue',
    })
    expect(response.status).toBe(422)
    const { error } = await response.json()
    expect(error).toMatchObject({ type: '/validation_error', title: 'Validation Failed' })
    expect(error.items.map((item: { reference: string }) => item.reference).sort()).toEqual([
      'colour',
      'config.processing_method',
      'customer_id',
    ])
  })

  test.each([acme.rejectedCustomer, acme.inactiveCustomer])(
    '422 for a customer who is not allowed to pay: %s',
    async (customer_id) => {
      expect((await server.postAsAcme(path, { customer_id })).status).toBe(422)
    },
  )

  test('422 for sandbox_outcome in production, where tokens have no such claim', async () => {
    const headers = bearer(live.key)
    const refused = await server.post(
      path,
      { customer_id: live.customer, config: { sandbox_outcome: 'standard' } },
      headers,
    )
    expect(refused.status).toBe(422)
    const minted = await server.post(path, { customer_id: live.customer }, headers)
    expect(decodeJwt((await minted.json()).data.bridge_token)).not.toHaveProperty('sandbox_outcome')
  })

  test('404 in the envelope for an unknown path of the family', async () => {
    const response = await server.postAsAcme('/v1/bridge/unknown', {})
    expect(response.status).toBe(404)
    expect(await response.json()).toMatchObject({ error: { type: '/not_found' }, response_type: 'error' })
  })
})
