import { encodeRequest, type Operation, operations, reasons } from '@hallpass/contracts'
import { describe, expect, inject, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import type { ParityCase } from './support/parity/parity-case.js'
import { callerHeaders, casesOf, headersOf, inputOf } from './support/parity/parity-cases.js'
import { parityFixture, validInputs } from './support/parity/parity-inputs.js'
import {
  type Decision,
  linkTransports,
  rawTrpc,
  rest,
  type Transport,
  wordOf,
} from './support/parity/parity-transports.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const all: readonly Operation[] = Object.values(operations)

const server = withServer({ fixture: parityFixture })

/** Sends a case over several transports. Only a success uses up an input, so a refused one is sent again. */
function sender(operation: Operation, one: ParityCase): (transport: Transport) => Promise<Decision> {
  const call = { headers: headersOf(operation, one), ...(one.body === undefined ? {} : { body: one.body }) }
  let input: Record<string, unknown> | undefined
  return async (transport) => {
    if (one.expected === 200) input = undefined
    input ??= await inputOf(server, operation, one)
    return transport(server.url, operation, { ...call, input })
  }
}

/**
 * The ways to send a case over tRPC: by hand, and the links of the client. A valid call is sent in all of them. The other
 * cases take turns, so that each way sends cases of every kind and of every operation. Only a hand-written request can be
 * malformed, and no database decides how a refusal is sent.
 */
function trpcTransports(operation: Operation, one: ParityCase): readonly (readonly [name: string, Transport])[] {
  const post = ['POST', rawTrpc('POST')] as const
  if (inject('postgres') !== undefined) return one.expected === 200 ? [post] : []
  if (one.body !== undefined) return [post]
  const get = operation.kind === 'query' ? [['GET', rawTrpc('GET')] as const] : []
  const ways = [post, ...get, ...Object.entries(linkTransports)]
  const index = casesOf(operation).findIndex(({ what }) => what === one.what)
  return ways.filter((_, turn) => index === 0 || turn === (index + all.indexOf(operation)) % ways.length)
}

/** These refusals are decided before a query, so SQLite alone can test them. */
const withoutDatabase = new Set<ParityCase['expected']>([
  'invalid_header',
  'malformed_request',
  'missing_field',
  'validation_failed',
])

/** The cases of an operation that this database can decide. */
const casesHere = (operation: Operation) =>
  casesOf(operation).filter(({ expected }) => inject('postgres') === undefined || !withoutDatabase.has(expected))

describe('every operation decides the same over REST and tRPC', () => {
  test('the table has a valid input for each operation and nothing else', () => {
    expect(Object.keys(validInputs).sort()).toEqual(Object.keys(operations).sort())
  })

  describe.each(all.map((operation) => [operation.id, operation] as const))('%s', (_id, operation) => {
    test.each(casesHere(operation).map((one) => [one.what, one.expected, one] as const))(
      '%s: %s',
      async (_what, expected, one) => {
        const send = sender(operation, one)
        const atRest = await send(rest)
        if (expected === 'refused') expect(atRest.status).toBeGreaterThanOrEqual(400)
        else if (expected === 200) expect(atRest).toEqual({ status: 200, value: expect.anything() })
        else {
          const status = reasons[expected]
          expect(atRest).toMatchObject({ status, word: wordOf(operation.dialect, status, expected) })
        }
        for (const [name, transport] of trpcTransports(operation, one)) {
          expect(await send(transport), `tRPC ${name}`).toEqual(atRest)
        }
      },
    )

    test('is served at all its documented paths and methods', async () => {
      for (const path of operation.paths) {
        for (const method of operation.methods) {
          const response = await fetch(server.url + path.replace(/\{\w+\}/g, acme.activeCard), { method })
          const reason = response.headers.get('x-error-reason') ?? ''
          expect([404, 405, 500].includes(response.status), `${method} ${path} ${response.status} ${reason}`).toBe(
            false,
          )
        }
      }
    })

    test('has a procedure of its type', async () => {
      const byGet = await server.get(
        `/trpc/${operation.id}?input=${encodeURIComponent('{}')}`,
        callerHeaders(operation),
      )
      if (operation.kind === 'mutation') {
        expect(byGet.status).toBe(405)
        expect((await byGet.json()).error.data).toMatchObject({ reason: 'method_not_allowed', httpStatus: 405 })
      } else expect(byGet.status).not.toBe(405)
      expect((await server.trpc(operation.id, {})).status).not.toBe(404)
    })
  })
})

describe('an Idempotency-Key is shared by both transports', () => {
  const keyed = all.filter(({ idempotency }) => idempotency)
  test.each(keyed.map((operation) => [operation.id, operation] as const))('%s', async (id, operation) => {
    const input = await inputOf(server, operation, { what: '', expected: 200 })
    const headers = { ...callerHeaders(operation), 'Idempotency-Key': `parity ${id}` }
    const first = await rawResponse(operation, input, headers)
    const again = await server.trpc(id, input, headers)
    expect(again.headers.get('idempotent-replayed')).toBe('true')
    expect((await again.json()).result.data).toEqual(first)
  })

  test('card.widgetToken, by GET and POST, at both paths and over tRPC', async () => {
    const headers = { ...bearer(acme.key), 'Idempotency-Key': 'parity of paths' }
    const tokens: string[] = []
    for (const path of operations['card.widgetToken'].paths) {
      const url = `${server.url}${path.replace('{card_id}', acme.activeCard)}?widget_type=REVEAL`
      for (const method of ['GET', 'POST']) {
        tokens.push((await (await fetch(url, { method, headers })).json()).widget_token)
      }
    }
    const input = { card_id: acme.activeCard, widget_type: 'REVEAL' }
    tokens.push((await (await server.trpc('card.widgetToken', input, headers)).json()).result.data.widget_token)
    expect(tokens).toEqual(Array.from({ length: 5 }, () => expect.any(String)))
    expect(new Set(tokens).size).toBe(1)
  })

  /** The unmasked value over REST. */
  async function rawResponse(operation: Operation, input: Record<string, unknown>, headers: Record<string, string>) {
    const { method, target, contentType, body } = encodeRequest(operation, input)
    const type: Record<string, string> = contentType ? { 'Content-Type': contentType } : {}
    const response = await fetch(server.url + target, {
      method,
      headers: { ...headers, ...type },
      ...(body ? { body } : {}),
    })
    expect(response.status).toBe(200)
    expect(response.headers.get('idempotent-replayed')).toBeNull()
    const answer = await response.json()
    return operation.dialect === 'envelope' ? answer.data : answer
  }
})

describe('POST /trpc with a batch', () => {
  const batch = (size: number, headers: Record<string, string> = {}) => {
    const path = Array.from({ length: size }, () => 'tokens.introspect').join(',')
    const inputs = Object.fromEntries(Array.from({ length: size }, (_, index) => [index, { token: `none ${index}` }]))
    return server.post(`/trpc/${path}?batch=1`, inputs, { ...bearer(acme.key), ...headers })
  }

  test('200 for 20 calls', async () => {
    const response = await batch(20)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual(Array.from({ length: 20 }, () => ({ result: { data: { active: false } } })))
  })

  test('400 for 21 calls, and none of them runs', async () => {
    const response = await batch(21)
    expect(response.status).toBe(400)
    const responses = await response.json()
    for (const { error } of responses)
      expect(error.data).toMatchObject({ reason: 'malformed_request', httpStatus: 400 })
  })

  test('400 for several calls with an Idempotency-Key, and 200 for a single one', async () => {
    const headers = { 'Idempotency-Key': 'one key, two calls' }
    const response = await batch(2, headers)
    expect(response.status).toBe(400)
    for (const { error } of await response.json()) expect(error.data.reason).toBe('invalid_header')
    expect((await batch(1, headers)).status).toBe(200)
  })

  test('each call of a batch is decided separately', async () => {
    const inputs = {
      0: { token: 'none' },
      1: {},
      2: { customer_id: '404 for an unknown procedure, 405 for a mutation by GET, even within a batch' },
    }
    const response = await server.postAsAcme(
      '/trpc/tokens.introspect,tokens.introspect,bridge.initialize?batch=1',
      inputs,
    )
    expect(response.status).toBe(207)
    const [good, missing, invalid] = await response.json()
    expect(good).toEqual({ result: { data: { active: false } } })
    expect(missing.error.data).toMatchObject({ reason: 'malformed_request', httpStatus: 400 })
    expect(invalid.error.data).toMatchObject({ reason: 'validation_failed', httpStatus: 422 })
  })

  test('404 for a procedure that does not exist, 405 for a mutation by GET, also within a batch', async () => {
    expect((await server.trpc('bridge.nothing', {})).status).toBe(404)
    const response = await server.get('/trpc/tokens.revoke,tokens.revoke?batch=1&input={}', bearer(acme.key))
    expect(response.status).toBe(405)
  })
})
