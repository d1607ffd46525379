import { Fixture } from '@hallpass/contracts'
import Straddle, {
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  UnprocessableEntityError,
} from '@straddlecom/straddle'
import { decodeJwt } from 'jose'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import { startHeld } from './support/servers/held-request.js'
import { startServer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

/** The one UUID that the SDK's own tests use for the customer and for the account. */
const sdkUuid = acme.customer

/** The value that the SDK's tests send. */
const minimal = { customer_id: sdkUuid }
const full = {
  customer_id: sdkUuid,
  config: { processing_method: 'inline', sandbox_outcome: 'standard' },
  external_id: 'external_id',
  'Correlation-Id': 'Correlation-Id',
  'Idempotency-Key': 'xxxxxxxxxx',
  'Request-Id': 'Request-Id',
  'Straddle-Account-Id': sdkUuid,
} as const

/** An embedded account whose id is the SDK tests' UUID, under a platform that has their key. */
const platform = Fixture.parse({
  accounts: [
    {
      id: acme.account,
      tenant: '2_3',
      environment: 'sandbox',
      api_keys: [{ name: 'as the SDK tests send it', secret: 'My API Key', scopes: ['*'] }],
    },
    {
      id: sdkUuid,
      tenant: '2_4',
      environment: 'sandbox',
      parent_id: acme.account,
      customers: [{ id: sdkUuid, name: 'Ada' }],
    },
  ],
})

const server = withServer()
afterEach(() => vi.unstubAllEnvs())

interface Attempts {
  readonly client: Straddle
  readonly statuses: number[]
}

/** The SDK as its users create it, and the status of every attempt it made. */
function sdk(options: { apiKey?: string; maxRetries?: number } = {}): Attempts {
  const statuses: number[] = []
  const counted: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    statuses.push(response.status)
    return response
  }
  return {
    client: new Straddle({ apiKey: 'My API Key', baseURL: server.url, fetch: counted, ...options }),
    statuses,
  }
}

describe('@straddlecom/straddle 0.3.0, unchanged', () => {
  test('gets a token with only the required params', async () => {
    const response = await sdk().client.bridge.initialize(minimal)
    expect(response.response_type).toBe('object')
    expect(decodeJwt(response.data.bridge_token)).toMatchObject({ aud: 'bridge', sub: sdkUuid })
    expect(response.meta.api_request_id).toEqual(expect.any(String))
    expect(Date.parse(response.meta.api_request_timestamp)).not.toBeNaN()
  })

  test('gets a token with every param, exactly as its own tests send them', async () => {
    const other = await startServer({ fixture: platform })
    try {
      const client = new Straddle({ apiKey: 'My API Key', baseURL: other.url, maxRetries: 0 })
      const { data, response } = await client.bridge.initialize(full).withResponse()
      expect(response.headers.get('request-id')).toBe('Request-Id')
      expect(response.headers.get('correlation-id')).toBe('Correlation-Id')
      expect(decodeJwt(data.data.bridge_token)).toMatchObject({
        sub: sdkUuid,
        account_id: sdkUuid,
        external_id: 'external_id',
        processing_method: 'inline',
        sandbox_outcome: 'standard',
      })
    } finally {
      await other.stop()
    }
  })

  test('finds the server by STRADDLE_BASE_URL and STRADDLE_API_KEY alone', async () => {
    vi.stubEnv('STRADDLE_BASE_URL', server.url)
    vi.stubEnv('STRADDLE_API_KEY', 'My API Key')
    const response = await new Straddle().bridge.initialize(minimal)
    expect(decodeJwt(response.data.bridge_token).iss).toBe(server.url)
  })

  test('accepts external_id null, as its types allow', async () => {
    const response = await sdk().client.bridge.initialize({ ...minimal, external_id: null })
    expect(decodeJwt(response.data.bridge_token)).not.toHaveProperty('external_id')
  })

  test('raises BadRequestError for an Idempotency-Key that is too short, once', async () => {
    const { client, statuses } = sdk()
    const refused = client.bridge.initialize({ ...minimal, 'Idempotency-Key': 'short' })
    await expect(refused).rejects.toBeInstanceOf(BadRequestError)
    await expect(refused).rejects.toMatchObject({
      status: 400,
      error: { error: { type: '/bad_request', items: [{ detail: 'The Idempotency-Key header value is not valid.' }] } },
    })
    expect(statuses).toEqual([400])
  })

  test('raises AuthenticationError for an unknown key', async () => {
    const { client, statuses } = sdk({ apiKey: 'sk_test_unknown' })
    await expect(client.bridge.initialize(minimal)).rejects.toBeInstanceOf(AuthenticationError)
    expect(statuses).toEqual([401])
  })

  test('raises PermissionDeniedError for a key without the scope', async () => {
    const { client } = sdk({ apiKey: acme.keyWithoutScopes })
    await expect(client.bridge.initialize(minimal)).rejects.toBeInstanceOf(PermissionDeniedError)
  })

  test.each([
    ['an unknown customer', { customer_id: '00000000-0000-4000-8000-000000000000' }],
    ["another account's customer", { customer_id: rival.customer }],
    ['an account of another platform', { ...minimal, 'Straddle-Account-Id': rival.account }],
  ])('raises NotFoundError for %s', async (_what, params) => {
    const refused = sdk().client.bridge.initialize(params)
    await expect(refused).rejects.toBeInstanceOf(NotFoundError)
    await expect(refused).rejects.toMatchObject({ error: { error: { status: 404, type: '/not_found' } } })
  })

  test.each([
    ['a customer id that is not a UUID', { customer_id: 'customer_id' }],
    ['a customer who was rejected', { customer_id: acme.rejectedCustomer }],
    ['an unknown field', { ...minimal, colour: 'blue' }],
  ])('raises UnprocessableEntityError for %s', async (_what, params) => {
    const refused = sdk().client.bridge.initialize(params)
    await expect(refused).rejects.toBeInstanceOf(UnprocessableEntityError)
    await expect(refused).rejects.toMatchObject({ error: { error: { status: 422, title: 'Validation Failed' } } })
  })

  test('raises ConflictError for a reused key, without a retry: x-should-retry is false', async () => {
    const { client, statuses } = sdk({ maxRetries: 2 })
    const key = { 'Idempotency-Key': 'straddle-conflict' }
    await client.bridge.initialize({ ...minimal, ...key })
    const refused = client.bridge.initialize({ ...minimal, ...key, external_id: 'other' })
    await expect(refused).rejects.toBeInstanceOf(ConflictError)
    expect(statuses).toEqual([200, 409])
  })

  test('gets one token for one key, even with many concurrent callers', async () => {
    const key = { 'Idempotency-Key': 'straddle-together' }
    const callers = Array.from({ length: 20 }, () => sdk({ maxRetries: 2 }))
    const responses = await Promise.all(callers.map(({ client }) => client.bridge.initialize({ ...minimal, ...key })))
    expect(new Set(responses.map(({ data }) => data.bridge_token)).size).toBe(1)
    for (const { statuses } of callers) expect(statuses.filter((status) => status !== 409)).toEqual([200])
  })

  test('retries while the first request is running, and succeeds once it ends', async () => {
    const { assembled, held, release } = await startHeld()
    const params = { ...minimal, 'Idempotency-Key': 'straddle-running' }
    const seen: (readonly [status: number, retryAfter: string | null])[] = []
    const client = new Straddle({
      apiKey: 'My API Key',
      baseURL: 'http://held.example',
      fetch: async (input, init) => {
        const { method, headers, body } = new Request(input, init)
        const sent = { method: method as 'POST', headers: Object.fromEntries(headers) }
        const text = body === null ? '' : await new Response(body).text()
        const response = await assembled.call(new URL(String(input)).pathname, { ...sent, body: text })
        seen.push([response.status, response.headers.get('retry-after')])
        release()
        return new Response(response.text, response)
      },
    })
    held.hold()
    const first = client.bridge.initialize(params)
    await held.begun
    const second = await client.bridge.initialize(params)
    expect(second.data.bridge_token).toBe((await first).data.bridge_token)
    expect(seen.toSorted()).toEqual([
      [200, null],
      [200, null],
      [409, '1'],
    ])
    await assembled.stop()
  })

  test('works with a base URL with a trailing slash', async () => {
    const client = new Straddle({ apiKey: 'My API Key', baseURL: `${server.url}/`, maxRetries: 0 })
    expect((await client.bridge.initialize(minimal)).data.bridge_token).toBeTruthy()
  })

  test('never gets a 5xx in these tests', async () => {
    const { client } = sdk({ maxRetries: 0 })
    const bodies = [{}, { customer_id: 1 }, { customer_id: null }, { ...minimal, config: [] }]
    for (const body of bodies) {
      const error = await client.post('/v1/bridge/initialize', { body }).catch((cause: unknown) => cause)
      expect(error).not.toBeInstanceOf(InternalServerError)
      expect(error).toBeInstanceOf(UnprocessableEntityError)
    }
  })
})
