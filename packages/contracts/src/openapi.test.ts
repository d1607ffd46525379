import { Validator } from '@seriousme/openapi-schema-validator'
import { describe, expect, test } from 'vitest'
import { reasons } from './core/reasons.js'
import { openApiDocument } from './openapi.js'
import type { Operation } from './operation.js'
import { operations } from './operations.js'

interface Described {
  readonly operationId?: string
  readonly security?: readonly object[]
  readonly parameters?: readonly {
    readonly name: string
    readonly in: string
    readonly required: boolean
    readonly schema: { readonly pattern?: string }
  }[]
  readonly requestBody?: {
    readonly required: boolean
    readonly content: Record<string, { readonly schema: { readonly required?: string[] } }>
  }
  readonly responses: Record<string, { readonly description: string; readonly content: Record<string, unknown> }>
}

const document = openApiDocument('https://pass.example')
// the document is untyped JSON; this describes the part that the tests read
const paths = document.paths as Record<string, Record<string, Described>>

const routes = Object.values<Operation>(operations).flatMap((operation) =>
  operation.paths.flatMap((path) => operation.methods.map((method) => ({ id: operation.id, operation, path, method }))),
)
const described = (path: string, method: string) => paths[path]?.[method.toLowerCase()]

describe('the OpenAPI document', () => {
  test('is valid OpenAPI 3.1', async () => {
    const { valid, errors } = await new Validator().validate(structuredClone(document))
    expect({ valid, errors }).toEqual({ valid: true, errors: undefined })
    expect(document.openapi).toBe('3.1.0')
  })

  test('is plain JSON', () => {
    expect(JSON.parse(JSON.stringify(document))).toEqual(document)
  })

  test('names its server', () => {
    expect(document.servers).toEqual([{ url: 'https://pass.example' }])
  })

  test('gives every entry a unique operationId', () => {
    const ids = routes.map(({ path, method }) => described(path, method)?.operationId)
    expect(ids).not.toContain(undefined)
    expect(new Set(ids).size).toBe(routes.length)
  })

  test('the canonical entry of an operation has its id', () => {
    expect(described('/v1/bridge/initialize', 'POST')?.operationId).toBe('bridge_initialize')
    expect(described('/v1/cards/{card_id}/widget_token', 'GET')?.operationId).toBe('card_widgetToken')
  })

  test.each([
    ['/api/v1/widget/auth/exchange', true],
    ['/v1/admin/sessions/revoke', true],
    ['/v1/admin/signing_keys/rotate', false],
    ['/v1/admin/client_keys/{client_key_id}', false],
  ])('%s requires a body: %s', (path, needed) => {
    expect(described(path, 'POST')?.requestBody?.required).toBe(needed)
  })

  test.each([
    ['/.well-known/jwks.json', ['200', '503']],
    ['/.well-known/revocations', ['200', '304', '503']],
    ['/health/ready', ['200', '503']],
    ['/metrics', ['200', '401', '404']],
  ])('%s returns %j', (path, statuses) => {
    expect(Object.keys(described(path, 'GET')?.responses ?? {})).toEqual(statuses)
  })

  test('lists the documents too', () => {
    expect(Object.keys(paths)).toEqual(
      expect.arrayContaining([
        '/.well-known/jwks.json',
        '/.well-known/oauth-authorization-server',
        '/.well-known/openid-configuration',
        '/openapi.json',
        '/health/live',
        '/health/ready',
        '/metrics',
      ]),
    )
  })
})

describe.each(routes)('$method $path', ({ operation, path, method }) => {
  const entry = described(path, method)

  test('lists exactly the statuses that it can return', () => {
    const cached = operation.cacheSeconds === undefined ? [] : ['304']
    const statuses = new Set(['200', ...cached, ...operation.refusals.map((reason) => String(reasons[reason]))])
    expect(new Set(Object.keys(entry?.responses ?? {}))).toEqual(statuses)
  })

  test('lists every refusal at its status, with its documented phrase', () => {
    for (const reason of operation.refusals) {
      const description = entry?.responses[reasons[reason]]?.description ?? ''
      expect(description).toContain(reason)
      expect(description).toContain(operation.phrases?.[reason] ?? '')
    }
  })

  test('a refusal has the content type of its dialect', () => {
    const type = operation.dialect === 'text' ? 'text/plain; charset=utf-8' : 'application/json'
    expect(Object.keys(entry?.responses[500]?.content ?? {})).toEqual([type])
  })

  test('requires a secret key only if the operation does', () => {
    const { caller } = operation
    const asPassword = caller.by === 'secret_key' && caller.basic ? [{ secretKeyAsPassword: [] }] : []
    expect(entry?.security).toEqual(caller.by === 'secret_key' ? [{ secretKey: [] }, ...asPassword] : [])
  })

  test('path and query fields are parameters', () => {
    const named = (where: string) => entry?.parameters?.filter((p) => p.in === where).map(({ name }) => name)
    expect(named('path')).toEqual(operation.pathFields ?? [])
    expect(named('query')).toEqual(operation.queryFields ?? [])
  })

  test('a query field is required only if a call without it is refused', () => {
    // every input is an object
    const input = operation.example.input as Record<string, unknown>
    for (const name of operation.queryFields ?? []) {
      const { [name]: _, ...without } = input
      const required = entry?.parameters?.find((p) => p.name === name)?.required
      expect([name, required]).toEqual([name, !operation.input.safeParse(without).success])
    }
  })

  test('path and query fields are not repeated in the body', () => {
    const placed = [...(operation.pathFields ?? []), ...(operation.queryFields ?? [])]
    const bodies = Object.values(entry?.requestBody?.content ?? {})
    expect(bodies.flatMap(({ schema }) => schema.required ?? []).filter((name) => placed.includes(name))).toEqual([])
  })

  test('documents Idempotency-Key only if the operation accepts it, with its pattern', () => {
    const header = entry?.parameters?.find(({ name }) => name === 'Idempotency-Key')
    expect(header?.schema.pattern).toBe(operation.idempotency?.keyPattern.source)
    expect(header !== undefined).toBe(operation.idempotency !== undefined)
  })

  test('only pages send an Origin, and it is required until they have a token', () => {
    const required = { secret_key: undefined, client_key: true, visitor_token: false, refresh_token: false }
    const origin = entry?.parameters?.find(({ name }) => name === 'Origin')
    expect(origin?.required).toBe(required[operation.caller.by])
  })
})

test.each([
  ['/api/v1/widget/auth/guest', 'post', 400, 'Missing client_key'],
  ['/api/v1/widget/auth/guest', 'post', 403, 'Origin not in allowlist for this client_key'],
  ['/api/v1/widget/auth/user-token', 'post', 400, 'Missing client_key or user_id'],
  ['/api/v1/widget/auth/user-token', 'post', 401, 'Missing or invalid API key'],
  ['/api/v1/widget/auth/user-token', 'post', 403, 'client_key is not available to this API key'],
  ['/api/v1/widget/auth/exchange', 'post', 400, 'Missing or expired token'],
  ['/api/v1/widget/auth/refresh', 'post', 400, 'Missing or expired refresh_token'],
  ['/api/v1/widget/config', 'get', 400, 'Missing client_key'],
  ['/api/v1/widget/config', 'get', 403, 'Origin not in allowlist'],
])('%s %s: %d %s', (path, method, status, phrase) => {
  expect(described(path, method)?.responses[status]?.description).toContain(phrase)
})
