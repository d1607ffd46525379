import type { CallOptions, HallpassClient } from '@hallpass/client'
import { type Operation, operations } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import { describe, expect, expectTypeOf, test } from 'vitest'
import { failureOf, typedClient, withListener } from './support/clients/typed-client.js'
import { acme, child } from './support/fixtures/fixture.js'
import { parityFixture, parityKeys, validInputs } from './support/parity/parity-inputs.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: parityFixture })

const clientOf = (as: Partial<Parameters<typeof typedClient>[0]> = {}) => typedClient({ baseUrl: server.url, ...as })

/** The client's method for an operation, by its id. */
function methodOf(client: HallpassClient, id: string) {
  const found = id.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], client)
  if (typeof found !== 'function') expect.fail(`the client has no method ${id}`)
  return found as (input: object, options?: CallOptions) => Promise<unknown>
}

describe('createHallpassClient', () => {
  test.each(Object.values<Operation>(operations).map((operation) => [operation.id, operation] as const))(
    'has %s, whose result matches the contract',
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

  test('accepts a base URL with a trailing slash', async () => {
    const { client } = clientOf({ baseUrl: `${server.url}/` })
    expect(await client.tokens.introspect({ token: 'none' })).toEqual({ active: false })
  })
})

describe('the options of a call', () => {
  test('idempotencyKey: the same key returns the same result, another key a new one', async () => {
    const { client, responses } = clientOf()
    const call = (idempotencyKey: string) =>
      client.bridge.initialize({ customer_id: acme.customer }, { idempotencyKey })
    const first = await call('typed-client-1')
    expect(await call('typed-client-1')).toEqual(first)
    expect(await call('typed-client-2')).not.toEqual(first)
    expect(responses.map(({ headers }) => headers.get('idempotent-replayed'))).toEqual([null, 'true', null])
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

  test('requestId and correlationId: are in the response, even in a refusal', async () => {
    const { client, responses } = clientOf()
    const options = { requestId: 'request 1', correlationId: 'order 7' }
    await client.tokens.introspect({ token: 'none' }, options)
    await failureOf(client.bridge.initialize({ customer_id: 'none' }, options))
    for (const { headers } of responses) {
      expect([headers.get('request-id'), headers.get('correlation-id')]).toEqual(['request 1', 'order 7'])
    }
  })

  test('a result with its response contains them too', async () => {
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

  test('an error is reported once, even if the response is requested', async () => {
    const { client } = clientOf()
    const refused = client.bridge.initialize({ customer_id: 'none' }, { correlationId: 'order 9' }).withResponse()
    expect((await failureOf(refused)).details).toMatchObject({ correlationId: 'order 9', attempt: 1 })
  })

  test('without options, no such header is sent, and the server creates the request id', async () => {
    const { client, responses } = clientOf()
    const { details } = await failureOf(client.bridge.initialize({ customer_id: 'none' }))
    expect(responses[0]?.headers.get('request-id')).toBe(details.requestId)
    expect(responses[0]?.headers.get('correlation-id')).toBeNull()
  })

  test('signal: a call aborted before it is sent fails with reason aborted', async () => {
    const signal = AbortSignal.abort()
    expect((await failureOf(clientOf().client.tokens.introspect({ token: 'none' }, { signal }))).reason).toBe('aborted')
  })

  test('signal: a call aborted while it runs, or too slow, fails with reason aborted', async () => {
    await withListener(
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
