import { readFile } from 'node:fs/promises'
import { type Operation, operations, reasons } from '@hallpass/contracts'
import { Validator } from '@seriousme/openapi-schema-validator'
import { beforeAll, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { acme, rival } from './support/fixtures/fixture.js'
import { type OpenApi, openDocument } from './support/http/openapi.js'
import { resolveRefs } from './support/http/schema-issues.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const operationId = 'getWidgetAccessToken'

const server = withServer()
let documented: OpenApi
beforeAll(async () => {
  const text = await readFile(new URL('material/synctera.openapi.yaml', import.meta.url), 'utf8')
  // the document is the subject of the tests, so an invalid one fails them
  documented = parse(text) as OpenApi
})

const reveal = { card_id: acme.activeCard, widget_type: 'REVEAL' }
const call = async (parameters: Record<string, string>, token: string = acme.key, prefix = '/v1') => {
  const callDocumented = await openDocument({ ...documented, servers: [{ url: server.url + prefix }] }, token)
  return callDocumented(operationId, parameters)
}

describe('swagger-client with the document of the Card API calls the card endpoint', () => {
  test.each(['/v1', ''])('200 at %s/cards/{card_id}/widget_token, as documented', async (prefix) => {
    const answer = await call(reveal, acme.key, prefix)
    expect(answer).toMatchObject({ status: 200, issues: [], body: { tenant: '2_3' } })
    expect(Object.keys(answer.body as object)).toEqual(['tenant', 'widget_token'])
  })

  test.each(['ACTIVATE', 'GET_PIN', 'REVEAL', 'SET_PIN'])('200 for every documented type: %s', async (type) => {
    const card_id = type === 'ACTIVATE' ? acme.newCard : acme.activeCard
    expect(await call({ card_id, widget_type: type })).toMatchObject({ status: 200, issues: [] })
  })

  test('the documented Idempotency-Key returns the same token again, even at the other server URL', async () => {
    const parameters = { ...reveal, 'Idempotency-Key': '7d943c51-e4ff-4e57-9558-08cab6b963c7' }
    const first = await call(parameters)
    expect((await call(parameters)).body).toEqual(first.body)
    expect((await call(parameters, acme.key, '')).body).toEqual(first.body)
  })

  test.each([
    [400, 'BAD_QUERY_PARAMETER', 'a type the document does not list', { ...reveal, widget_type: 'SHOW' }, acme.key],
    [400, 'BAD_REQUEST', 'a card id that is no UUID', { ...reveal, card_id: 'card_1' }, acme.key],
    [401, 'UNAUTHENTICATED', 'an empty key', reveal, ' '],
    [401, 'UNAUTHENTICATED', 'an unknown key', reveal, 'sk_test_unknown'],
    [403, 'FORBIDDEN', 'a key without the scope', reveal, acme.keyWithoutScopes],
    [422, 'INVALID_STATUS', 'a suspended card', { ...reveal, card_id: acme.suspendedCard }, acme.key],
    [422, 'INVALID_STATUS', 'a card not yet activated', { ...reveal, card_id: acme.newCard }, acme.key],
  ] as const)('%i %s for %s, in the documented error schema', async (status, code, _what, parameters, token) => {
    const answer = await call(parameters, token)
    expect(answer).toMatchObject({ status, issues: [], body: { code, status, detail: expect.any(String) } })
    expect(answer.headers['content-type']).toBe('application/json')
  })

  test('422 IDEMPOTENCY_INVALID_REUSE for a key used for another card', async () => {
    const key = { 'Idempotency-Key': 'reused-key' }
    expect((await call({ ...reveal, ...key })).status).toBe(200)
    const answer = await call({ card_id: acme.newCard, widget_type: 'ACTIVATE', ...key })
    expect(answer).toMatchObject({ status: 422, issues: [], body: { code: 'IDEMPOTENCY_INVALID_REUSE' } })
  })

  test("404 in the documented schema for an unknown card and another account's", async () => {
    const unknown = await call({ ...reveal, card_id: '00000000-0000-4000-8000-000000000000' })
    const foreign = await call({ ...reveal, card_id: rival.card })
    expect(unknown).toMatchObject({ status: 404, body: { code: 'RESOURCE_NOT_FOUND', status: 404 } })
    expect(foreign.body).toEqual(unknown.body)
  })
})

describe('GET /openapi.json', () => {
  let own: OpenApi
  beforeAll(async () => {
    own = (await (await server.get('/openapi.json')).json()) as OpenApi
  })
  const all = Object.values<Operation>(operations)
  const entries = () =>
    Object.entries(own.paths).flatMap(([path, item]) =>
      Object.entries(item).map(([method, entry]) => ({ path, method, entry })),
    )

  test('is a valid OpenAPI 3.1 document for this server', async () => {
    expect(await new Validator().validate({ ...own })).toEqual({ valid: true })
    expect(own.openapi).toMatch(/^3\.1\.\d+$/)
    expect(own.servers).toEqual([{ url: server.url }])
    expect(() => resolveRefs(own, own)).not.toThrow()
  })

  test('names each operation once, and a path parameter for every placeholder in a path', () => {
    const ids = entries().flatMap(({ entry }) => entry.operationId ?? [])
    expect(new Set(ids).size).toBe(ids.length)
    for (const { path, entry } of entries()) {
      const places = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
      const parameters = (entry.parameters ?? []).filter((parameter) => parameter.in === 'path')
      expect(parameters.map(({ name }) => name)).toEqual(places)
      expect(parameters.every(({ required }) => required)).toBe(true)
      expect(Object.keys(entry.responses).length).toBeGreaterThan(0)
    }
  })

  test.each(all.map((operation) => [operation.id, operation] as const))(
    'lists %s at all its paths',
    (_id, operation) => {
      for (const path of operation.paths) {
        for (const method of operation.methods) {
          const entry = own.paths[path]?.[method.toLowerCase()]
          if (!entry) expect.fail(`nothing at ${method} ${path}`)
          const cached = operation.cacheSeconds === undefined ? [] : ['304']
          const statuses = new Set(['200', ...cached, ...operation.refusals.map((reason) => String(reasons[reason]))])
          expect(Object.keys(entry.responses).sort()).toEqual([...statuses].sort())
          const headers = (entry.parameters ?? []).filter((parameter) => parameter.in === 'header')
          expect(headers.some(({ name }) => name === 'Idempotency-Key')).toBe(operation.idempotency !== undefined)
          expect((entry.security ?? []).length > 0).toBe(operation.caller.by === 'secret_key')
        }
      }
    },
  )

  test('lists only what the server serves', async () => {
    for (const { path, method } of entries()) {
      const target = path.replace(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000')
      const response = await fetch(server.url + target, { method, headers: bearer('sk_test_unknown') })
      expect([404, 405], `${method} ${path}`).not.toContain(response.status)
    }
  })

  test('works with swagger-client for the card endpoint too', async () => {
    const callDocumented = await openDocument(own, acme.key)
    for (const [status, widget_type] of [
      [200, 'REVEAL'],
      [400, 'SHOW'],
      [422, 'ACTIVATE'],
    ] as const) {
      const answer = await callDocumented('card_widgetToken', { ...reveal, widget_type })
      expect(answer).toMatchObject({ status, issues: [] })
    }
  })
})
