import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type CallOptions, createHallpassClient, type HallpassClient, HallpassClientError } from '@hallpass/client'
import { type Operation, operations, reasons } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest'
import { acme, child, rival } from './support/fixture.js'
import { parityFixture, parityKeys, validInputs } from './support/parity-inputs.js'
import { startServer, type TestServer } from './support/start-server.js'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ fixture: parityFixture })
})
afterAll(() => server.stop())

/** A client as a backend or, with its page's Origin, a browser has it; and every answer it was given. */
function clientOf(options: { apiKey?: string; accountId?: string; origin?: string; baseUrl?: string } = {}) {
  const answers: Response[] = []
  const { origin, ...rest } = { apiKey: acme.key, baseUrl: server.url, ...options }
  const client = createHallpassClient({
    ...rest,
    fetch: async (url, init) => {
      const headers = new Headers(init?.headers)
      if (origin !== undefined) headers.set('Origin', origin)
      const response = await fetch(url, { ...init, headers })
      answers.push(response)
      return response
    },
  })
  return { client, answers }
}

async function failureOf(call: Promise<unknown>): Promise<HallpassClientError> {
  const error = await call.then(
    () => undefined,
    (cause: unknown) => cause,
  )
  if (!(error instanceof HallpassClientError)) expect.fail(`not a HallpassClientError: ${error}`)
  return error
}

/** The client's method for an operation, found as its id says. */
function methodOf(client: HallpassClient, id: string) {
  const found = id.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], client)
  if (typeof found !== 'function') expect.fail(`the client has no method ${id}`)
  return found as (input: object, options?: CallOptions) => Promise<unknown>
}

describe('createHallpassClient', () => {
  test.each(Object.values<Operation>(operations).map((operation) => [operation.id, operation] as const))(
    'has %s, whose result is as the contract says',
    async (id, operation) => {
      const { client } = clientOf({ apiKey: parityKeys.all, origin: acme.origin })
      const input = await validInputs[id as keyof typeof operations]?.(server)
      if (!input) expect.fail(`no input for ${id} in the table`)
      const result = await methodOf(client, id)(input)
      expect(operation.output.safeParse(result).error).toBeUndefined()
    },
  )

  test('types inputs and results', async () => {
    const { client } = clientOf()
    const result = await client.bridge.initialize({ customer_id: acme.customer })
    expectTypeOf(result).toEqualTypeOf<{ bridge_token: string }>()
    expectTypeOf(client.card.widgetToken).parameter(0).toHaveProperty('widget_type')
    // @ts-expect-error a type that does not exist
    const refused = client.card.widgetToken({ card_id: acme.activeCard, widget_type: 'SHOW' })
    expect((await failureOf(refused)).reason).toBe('invalid_query_parameter')
  })

  test('takes a base URL with a trailing slash', async () => {
    const { client } = clientOf({ baseUrl: `${server.url}/` })
    expect(await client.tokens.introspect({ token: 'none' })).toEqual({ active: false })
  })
})

describe('the options of a call', () => {
  test('idempotencyKey: the same key gives the same result, another a new one', async () => {
    const { client, answers } = clientOf()
    const call = (idempotencyKey: string) =>
      client.bridge.initialize({ customer_id: acme.customer }, { idempotencyKey })
    const first = await call('typed-client-1')
    expect(await call('typed-client-1')).toEqual(first)
    expect(await call('typed-client-2')).not.toEqual(first)
    expect(answers.map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true', null])
  })

  test('accountId: acts for the child account, for one call or for all', async () => {
    const input = { customer_id: child.customer }
    const once = await clientOf().client.bridge.initialize(input, { accountId: child.account })
    const always = await clientOf({ accountId: child.account }).client.bridge.initialize(input)
    for (const { bridge_token } of [once, always]) expect(decodeJwt(bridge_token).account_id).toBe(child.account)
    const { client } = clientOf({ accountId: child.account })
    const own = await client.bridge.initialize({ customer_id: acme.customer }, { accountId: acme.account })
    expect(decodeJwt(own.bridge_token).account_id).toBe(acme.account)
  })

  test('requestId and correlationId: come back on the answer, also on a refusal', async () => {
    const { client, answers } = clientOf()
    const options = { requestId: 'request 1', correlationId: 'order 7' }
    await client.tokens.introspect({ token: 'none' }, options)
    await failureOf(client.bridge.initialize({ customer_id: 'none' }, options))
    for (const { headers } of answers) {
      expect([headers.get('request-id'), headers.get('correlation-id')]).toEqual(['request 1', 'order 7'])
    }
  })

  test('a result says them too, when it is asked for with its response', async () => {
    const { client } = clientOf()
    const call = () =>
      client.bridge.initialize({ customer_id: acme.customer }, { ...ids, idempotencyKey: 'with-response' })
    const ids = { requestId: 'request 2', correlationId: 'order 8' }
    const first = await call().withResponse()
    expectTypeOf(first.data).toEqualTypeOf<{ bridge_token: string }>()
    expect(first.response).toMatchObject({ status: 200, ...ids, replayed: false, attempt: 1 })
    expect(first.data).toEqual(await call())
    expect((await call().withResponse()).response.replayed).toBe(true)
  })

  test('a failure is told once, also when the response is asked for', async () => {
    const { client } = clientOf()
    const refused = client.bridge.initialize({ customer_id: 'none' }, { correlationId: 'order 9' }).withResponse()
    expect((await failureOf(refused)).details).toMatchObject({ correlationId: 'order 9', attempt: 1 })
  })

  test('without them nothing of the kind is sent, and the server names the request', async () => {
    const { client, answers } = clientOf()
    const { details } = await failureOf(client.bridge.initialize({ customer_id: 'none' }))
    expect(answers[0]?.headers.get('request-id')).toBe(details.requestId)
    expect(answers[0]?.headers.get('correlation-id')).toBeNull()
  })

  test('signal: a call that is aborted before it is sent fails as aborted', async () => {
    const signal = AbortSignal.abort()
    expect((await failureOf(clientOf().client.tokens.introspect({ token: 'none' }, { signal }))).reason).toBe('aborted')
  })

  test('signal: a call that is aborted, or takes too long, while it runs fails as aborted', async () => {
    await withServer(
      () => {},
      async (baseUrl) => {
        const { client } = clientOf({ baseUrl })
        const controller = new AbortController()
        const aborted = failureOf(client.tokens.introspect({ token: 'none' }, { signal: controller.signal }))
        setTimeout(() => controller.abort(), 50)
        expect((await aborted).reason).toBe('aborted')
        const signal = AbortSignal.timeout(50)
        expect((await failureOf(client.tokens.introspect({ token: 'none' }, { signal }))).reason).toBe('aborted')
      },
    )
  })
})

describe('a call that is tried again', () => {
  test('the lost answer of a mint is had again, not a second mint', async () => {
    const answers: string[] = []
    const client = createHallpassClient({
      baseUrl: server.url,
      apiKey: acme.key,
      fetch: async (url, init) => {
        const response = await fetch(url, init)
        answers.push(await response.clone().text())
        if (answers.length === 1) throw new TypeError('the connection broke')
        return response
      },
    })
    const { data, response } = await client.card
      .widgetToken({ card_id: acme.activeCard, widget_type: 'REVEAL' })
      .withResponse()
    expect(response).toMatchObject({ replayed: true, attempt: 2 })
    expect(answers[1]).toBe(answers[0])
    const redeemed = await client.tokens.redeem({ widget_token: data.widget_token, widget_type: 'REVEAL' })
    expect(redeemed.card_id).toBe(acme.activeCard)
  })
})

describe('a call that fails', () => {
  const token = async () =>
    (await clientOf().client.card.widgetToken({ card_id: acme.activeCard, widget_type: 'REVEAL' })).widget_token
  test.each([
    ['unauthenticated', () => clientOf({ apiKey: 'sk_test_nobody' }).client.tokens.introspect({ token: 'none' })],
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
    ['invalid_token', () => clientOf({ origin: acme.origin }).client.visitor.refresh({ refresh_token: 'none' })],
  ] as const)('says %s and its status', async (reason, call) => {
    const error = await failureOf(call())
    expect(error).toMatchObject({ name: 'HallpassClientError', reason, details: { status: reasons[reason] } })
    expect(error.message).not.toBe('')
    expect(error.details.requestId).toEqual(expect.any(String))
  })

  test('lists every fault of the input', async () => {
    const input = { customer_id: 'none', external_id: 'x'.repeat(256) }
    const { details } = await failureOf(clientOf().client.bridge.initialize(input))
    expect(details.items?.map(({ reference }) => reference)).toEqual(['customer_id', 'external_id'])
  })

  test('names the states that would have done', async () => {
    const call = clientOf().client.card.widgetToken({ card_id: acme.newCard, widget_type: 'REVEAL' })
    expect((await failureOf(call)).details.validStatus).toEqual(['ACTIVE'])
  })

  test('says idempotency_conflict for a key that was used for something else', async () => {
    const { client } = clientOf()
    const options = { idempotencyKey: 'typed-client-conflict' }
    await client.bridge.initialize({ customer_id: acme.customer }, options)
    const again = client.bridge.initialize({ customer_id: acme.customer, external_id: 'other' }, options)
    expect(await failureOf(again)).toMatchObject({ reason: 'idempotency_conflict', details: { status: 409 } })
  })

  test('says rate_limited, and how long to wait', async () => {
    const { client } = clientOf({ origin: acme.origin })
    const guest = () => client.visitor.guest({ client_key: acme.limited })
    for (let call = 0; call < 3; call++) await guest()
    const { reason, details } = await failureOf(guest())
    expect(reason).toBe('rate_limited')
    expect(details.retryAfter).toBeGreaterThan(0)
    // the minute is counted in slots of three seconds, of which the last one is waited for, too
    expect(details.retryAfter).toBeLessThanOrEqual(63)
  })

  test('says network when nothing listens there', async () => {
    const { port } = await withServer(
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
  ])('says network when something else answers: %i %s', async (status, type, body) => {
    await withServer(
      (_request, response) => void response.writeHead(status, { 'Content-Type': type }).end(body),
      async (baseUrl) => {
        const { reason } = await failureOf(clientOf({ baseUrl }).client.tokens.introspect({ token: 'none' }))
        expect(reason).toBe('network')
      },
    )
  })

  test('never says the key, the token or the input', async () => {
    const { client } = clientOf({ apiKey: 'sk_test_secret_that_nobody_has' })
    const error = await failureOf(client.tokens.introspect({ token: 'a-token-that-nobody-has' }))
    expect(`${error.message} ${JSON.stringify(error.details)}`).not.toMatch(/sk_test_secret|a-token-that/)
  })
})

/** Runs something against an HTTP server that is not Hallpass. */
async function withServer<T>(
  listener: RequestListener,
  use: (url: string, address: AddressInfo) => Promise<T>,
): Promise<T> {
  const other: Server = createServer(listener).listen(0, '127.0.0.1')
  await once(other, 'listening')
  try {
    // a server that listens on a port has such an address
    const address = other.address() as AddressInfo
    return await use(`http://127.0.0.1:${address.port}`, address)
  } finally {
    other.closeAllConnections()
    other.close()
  }
}
