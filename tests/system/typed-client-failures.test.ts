import type { RequestListener } from 'node:http'
import { createHallpassClient } from '@hallpass/client'
import { reasons } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { failureOf, typedClient, withListener } from './support/clients/typed-client.js'
import { acme, rival } from './support/fixtures/fixture.js'
import { mintUserToken } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer()

const clientOf = (as: Partial<Parameters<typeof typedClient>[0]> = {}) => typedClient({ baseUrl: server.url, ...as })

describe('a call that is retried', () => {
  test('gets the lost response of a mint, and mints nothing twice', async () => {
    const responses: string[] = []
    const client = createHallpassClient({
      baseUrl: server.url,
      apiKey: acme.key,
      fetch: async (url, init) => {
        const response = await fetch(url, init)
        responses.push(await response.clone().text())
        if (responses.length === 1) throw new TypeError('the connection broke')
        return response
      },
    })
    const { data, response } = await client.card
      .widgetToken({ card_id: acme.activeCard, widget_type: 'REVEAL' })
      .withResponse()
    expect(response).toMatchObject({ replayed: true, attempt: 2 })
    expect(responses[1]).toBe(responses[0])
    const redeemed = await client.tokens.redeem({ widget_token: data.widget_token, widget_type: 'REVEAL' })
    expect(redeemed.card_id).toBe(acme.activeCard)
  })

  test.each([
    ['reached no server', 'bridge.initialize', 3],
    ['reached no server', 'visitor.guest', 3],
    ['broke on its way', 'bridge.initialize', 3],
    ['broke on its way', 'visitor.guest', 1],
  ] as const)('a call that %s: %s is sent %i times', async (how, operation, attempts) => {
    const keys: unknown[] = []
    const listener: RequestListener = ({ headers, socket }) => {
      keys.push(headers['idempotency-key'])
      socket.resetAndDestroy()
    }
    const call = async (baseUrl: string) => {
      const { client } = clientOf({ baseUrl, origin: acme.origin })
      return failureOf(
        operation === 'visitor.guest'
          ? client.visitor.guest({ client_key: acme.clientKey })
          : client.bridge.initialize({ customer_id: acme.customer }),
      )
    }
    const { reason, details } =
      how === 'reached no server'
        ? await call(await withListener(listener, async (url) => url))
        : await withListener(listener, call)
    expect([reason, details.attempt]).toEqual(['network', attempts])
    expect(keys).toHaveLength(how === 'reached no server' ? 0 : attempts)
    expect(new Set(keys).size).toBeLessThanOrEqual(1)
  })
})

describe('a failed call', () => {
  const token = async () =>
    (await clientOf().client.card.widgetToken({ card_id: acme.activeCard, widget_type: 'REVEAL' })).widget_token
  test.each([
    ['unauthenticated', () => clientOf({ apiKey: 'sk_test_unknown' }).client.tokens.introspect({ token: 'none' })],
    ['insufficient_scope', () => clientOf({ apiKey: acme.keyWithoutScopes }).client.tokens.revoke({ token: 'none' })],
    ['not_found', () => clientOf({ accountId: rival.account }).client.tokens.introspect({ token: 'none' })],
    ['invalid_header', () => clientOf({ accountId: 'acme' }).client.tokens.introspect({ token: 'none' })],
    ['malformed_request', () => clientOf().client.tokens.introspect({ token: '' })],
    ['validation_failed', () => clientOf().client.bridge.initialize({ customer_id: 'none' })],
    ['state_conflict', () => clientOf().client.bridge.initialize({ customer_id: acme.rejectedCustomer })],
    ['invalid_path_parameter', () => clientOf().client.card.widgetToken({ card_id: 'none', widget_type: 'REVEAL' })],
    [
      'token_wrong_widget_type',
      async () => clientOf().client.tokens.redeem({ widget_token: await token(), widget_type: 'GET_PIN' }),
    ],
    ['origin_not_allowed', () => clientOf().client.visitor.guest({ client_key: acme.clientKey })],
    ['widget_disabled', () => clientOf({ origin: acme.origin }).client.visitor.guest({ client_key: acme.off })],
    [
      'auth_mode_not_allowed',
      () => clientOf({ origin: acme.origin }).client.visitor.guest({ client_key: acme.userOnly }),
    ],
    [
      'client_key_not_available',
      () => clientOf().client.visitor.userToken({ client_key: rival.clientKey, user_id: 'u' }),
    ],
    ['missing_field', () => clientOf({ origin: acme.origin }).client.visitor.refresh({ refresh_token: '' })],
    [
      'client_key_mismatch',
      async () =>
        clientOf({ origin: acme.origin }).client.visitor.exchange({
          token: await mintUserToken(server),
          client_key: acme.off,
        }),
    ],
    ['invalid_token', () => clientOf({ origin: acme.origin }).client.visitor.refresh({ refresh_token: 'none' })],
  ] as const)('reports %s and its status', async (reason, call) => {
    const error = await failureOf(call())
    expect(error).toMatchObject({ name: 'HallpassClientError', reason, details: { status: reasons[reason] } })
    expect(error.message).not.toBe('')
    expect(error.details.requestId).toEqual(expect.any(String))
  })

  test('lists every problem of the input', async () => {
    const input = { customer_id: 'none', external_id: 'x'.repeat(256) }
    const { details } = await failureOf(clientOf().client.bridge.initialize(input))
    expect(details.items?.map(({ reference }) => reference)).toEqual(['customer_id', 'external_id'])
  })

  test('names the valid states', async () => {
    const call = clientOf().client.card.widgetToken({ card_id: acme.newCard, widget_type: 'REVEAL' })
    expect((await failureOf(call)).details.validStatus).toEqual(['ACTIVE'])
  })

  test('reports idempotency_conflict for a key that was used for another request', async () => {
    const { client } = clientOf()
    const options = { idempotencyKey: 'typed-client-conflict' }
    await client.bridge.initialize({ customer_id: acme.customer }, options)
    const again = client.bridge.initialize({ customer_id: acme.customer, external_id: 'other' }, options)
    expect(await failureOf(again)).toMatchObject({ reason: 'idempotency_conflict', details: { status: 409 } })
  })

  test('reports rate_limited and how long to wait', async () => {
    const { client } = clientOf({ origin: acme.origin })
    const guest = () => client.visitor.guest({ client_key: acme.limited })
    for (let call = 0; call < 3; call++) await guest()
    const { reason, details } = await failureOf(guest())
    expect(reason).toBe('rate_limited')
    expect(details.retryAfter).toBeGreaterThan(0)
    // the minute is counted in slots of three seconds, and the last one must pass too
    expect(details.retryAfter).toBeLessThanOrEqual(63)
  })

  test('reports network if nothing listens there', async () => {
    const { port } = await withListener(
      () => {},
      async (_url, address) => address,
    )
    const { client } = clientOf({ baseUrl: `http://127.0.0.1:${port}` })
    const { reason, details } = await failureOf(client.tokens.introspect({ token: 'none' }))
    expect(reason).toBe('network')
    expect(details.status).toBeUndefined()
  })

  test.each([
    [502, 'text/html', '<h1>Bad Gateway</h1>'],
    [200, 'text/html', 'hello'],
    [500, 'application/json', '{"error":"no"}'],
  ])('reports network for a response from another server: %i %s', async (status, type, body) => {
    await withListener(
      (_request, response) => void response.writeHead(status, { 'Content-Type': type }).end(body),
      async (baseUrl) => {
        const { reason } = await failureOf(clientOf({ baseUrl }).client.tokens.introspect({ token: 'none' }))
        expect(reason).toBe('network')
      },
    )
  })

  test('never contains the key, the token or the input', async () => {
    const { client } = clientOf({ apiKey: 'sk_test_unknown_secret' })
    const error = await failureOf(client.tokens.introspect({ token: 'an-unknown-token' }))
    expect(`${error.message} ${JSON.stringify(error.details)}`).not.toMatch(/sk_test_secret|a-token-that/)
  })
})
