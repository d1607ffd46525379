import type { AppRouter } from '@hallpass/server/router'
import * as trpc from '@trpc/client'
import { describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer()

type Options = trpc.HTTPBatchStreamLinkOptions<AppRouter['_def']['_config']['$types']>
type Link = 'httpLink' | 'httpBatchLink' | 'httpBatchStreamLink'

const links: Record<Link, (options: Options) => trpc.TRPCLink<AppRouter>> = {
  // each link has its own type for the headers that a function returns
  httpLink: ({ headers, ...options }) => trpc.httpLink({ ...options, headers: headers as Record<string, string> }),
  httpBatchLink: (options) => trpc.httpBatchLink(options),
  httpBatchStreamLink: (options) => trpc.httpBatchStreamLink(options),
}

const everyLink: readonly Link[] = ['httpLink', 'httpBatchLink', 'httpBatchStreamLink']
const batches: readonly Link[] = ['httpBatchLink', 'httpBatchStreamLink']

interface Variant {
  readonly links: readonly Link[]
  readonly values: Readonly<Record<string, (url: string) => unknown>>
}

/** Values of every option. A new option of the client does not compile until it has values here. */
const variants: Record<keyof Options, Variant> = {
  url: {
    links: everyLink,
    values: {
      'a string': (url) => url,
      'a URL': (url) => new URL(url),
      'a trailing slash': (url) => `${url}/`,
      'a query': (url) => `${url}?tenant=2_3`,
    },
  },
  fetch: { links: everyLink, values: { 'a function': () => (url: string, init: RequestInit) => fetch(url, init) } },
  methodOverride: { links: everyLink, values: { POST: () => 'POST' } },
  pathSeparator: { links: everyLink, values: { '.': () => '.', '/': () => '/' } },
  transformer: { links: everyLink, values: { none: () => undefined } },
  headers: {
    links: everyLink,
    values: {
      'an object': () => bearer(acme.key),
      'a function': () => () => bearer(acme.key),
      'an async function': () => async () => bearer(acme.key),
    },
  },
  maxURLLength: { links: batches, values: { 'room for one call': () => 220 } },
  maxItems: { links: batches, values: { 1: () => 1 } },
  streamHeader: {
    links: ['httpBatchStreamLink'],
    values: { 'trpc-accept': () => 'trpc-accept', accept: () => 'accept' },
  },
}

const cases = Object.entries(variants).flatMap(([option, { links: names, values }]) =>
  names.flatMap((link) => Object.entries(values).map(([what, value]) => ({ link, option, what, value }))),
)

const bridge = { customer_id: acme.customer }

test('the installed client has no other link', () => {
  const found = Object.keys(trpc).filter((name) => /^(?!unstable_|experimental_).*Link$/.test(name))
  // the server has no subscriptions and no WebSocket; the others send nothing themselves
  const others = ['httpSubscriptionLink', 'wsLink', 'loggerLink', 'splitLink', 'retryLink', 'localLink']
  expect(found.filter((name) => !others.includes(name)).sort()).toEqual([...everyLink].sort())
})

describe.each(cases)('$link with $option: $what', ({ link, option, value }) => {
  const clientOf = () => {
    const url = `${server.url}/trpc`
    const options = { url, headers: bearer(acme.key), [option]: value(url) }
    // the option is chosen by its name
    return trpc.createTRPCClient<AppRouter>({ links: [links[link](options as Options)] })
  }

  test('gets the results of a query, a mutation and concurrent calls', async () => {
    const client = clientOf()
    expect(await client.admin.customers.get.query({ customer_id: acme.customer })).toMatchObject({ id: acme.customer })
    expect(await client.bridge.initialize.mutate(bridge)).toEqual({ bridge_token: expect.any(String) })
    const [customers, token, other] = await Promise.all([
      client.admin.customers.list.query({}),
      client.bridge.initialize.mutate(bridge),
      client.bridge.initialize.mutate({ ...bridge, external_id: 'other' }),
    ])
    expect(customers.data.length).toBeGreaterThan(0)
    expect(token.bridge_token).not.toBe(other.bridge_token)
  })

  test('distinguishes a refusal from a success in the same batch', async () => {
    const client = clientOf()
    const [refused, made] = await Promise.allSettled([
      client.bridge.initialize.mutate({ customer_id: crypto.randomUUID() }),
      client.bridge.initialize.mutate(bridge),
    ])
    expect(made.status).toBe('fulfilled')
    expect(refused).toMatchObject({ status: 'rejected', reason: { data: { httpStatus: 404, reason: 'not_found' } } })
  })
})

describe.each(batches)('%s', (link) => {
  const clientOf = (options: Partial<Options>) =>
    trpc.createTRPCClient<AppRouter>({ links: [links[link]({ url: `${server.url}/trpc`, ...options })] })

  test('reports a refusal of the whole request for each call', async () => {
    const headers = { ...bearer(acme.key), 'Idempotency-Key': 'one-key-for-both' }
    const client = clientOf({ headers })
    const calls = [client.bridge.initialize.mutate(bridge), client.bridge.initialize.mutate(bridge)]
    for (const result of await Promise.allSettled(calls)) {
      expect(result).toMatchObject({
        status: 'rejected',
        reason: { data: { httpStatus: 400, reason: 'invalid_header' } },
      })
    }
  })
})
