import * as z from 'zod'
import { requestHeaders } from './core/headers.js'
import { type Reason, reasons } from './core/reasons.js'
import { accountRevocationsPath, revocationsPath } from './core/revocation-names.js'
import { statusPhrases } from './core/status-phrases.js'
import { errorBodies, successBody } from './error-bodies.js'
import { webhookDocuments } from './openapi-webhooks.js'
import type { Operation } from './operation.js'
import { operations } from './operations.js'
import { revocationStreamPath, revocationsTyp } from './revocations.js'
import { describeSandboxFaults } from './sandbox-fault.js'

type Json = Record<string, unknown>

/** The OpenAPI 3.1 document, generated from the operations. */
export function openApiDocument(serverUrl = 'http://127.0.0.1:8787'): Json {
  const paths: Record<string, Json> = {}
  for (const operation of Object.values<Operation>(operations)) {
    for (const [p, path] of operation.paths.entries()) {
      for (const [m, method] of operation.methods.entries()) {
        const entry = paths[path] ?? {}
        paths[path] = entry
        entry[method.toLowerCase()] = describeOperation(operation, p + m === 0 ? '' : `_${method.toLowerCase()}_${p}`)
      }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Hallpass',
      version: '1.0.0',
      description: 'Short-lived, narrowly scoped tokens for embeddable widgets.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: serverUrl }],
    tags: [...new Set(Object.values<Operation>(operations).map(tagOf))].map((name) => ({ name })),
    paths: { ...paths, ...documents },
    webhooks: webhookDocuments,
    components: {
      securitySchemes: {
        secretKey: { type: 'http', scheme: 'bearer', description: 'A secret key, sk_test_… or sk_live_…' },
        secretKeyAsPassword: { type: 'http', scheme: 'basic', description: 'Any user name, a secret key as password' },
      },
    },
  }
}

function describeOperation(operation: Operation, suffix: string): Json {
  return {
    operationId: operation.id.replaceAll('.', '_') + suffix,
    tags: [tagOf(operation)],
    summary: operation.summary,
    description: operation.description,
    security: security(operation),
    parameters: [...fieldParameters(operation), ...headerParameters(operation)],
    ...requestBody(operation),
    responses: {
      '200': success(operation),
      ...(operation.cacheSeconds === undefined ? {} : { '304': { description: statusPhrases[304] } }),
      ...refusals(operation),
    },
  }
}

function security({ caller }: Operation): Json[] {
  if (caller.by !== 'secret_key') return []
  return [{ secretKey: [] }, ...(caller.basic ? [{ secretKeyAsPassword: [] }] : [])]
}

/** The Origin header, for the operations that pages call. */
const originOf: Partial<Record<Operation['caller']['by'], { required: boolean; description: string }>> = {
  client_key: { required: true, description: "The page's origin, as the browser sends it." },
  visitor_token: {
    required: false,
    description: "The page's origin, as the browser sends it. If present, it must be allowed.",
  },
  refresh_token: {
    required: false,
    description: "The page's origin, as the browser sends it. If present, it must be allowed.",
  },
}

const tagOf = (operation: Operation) => operation.id.slice(0, operation.id.indexOf('.'))

function inputSchema(operation: Operation): { properties: Record<string, Json>; required?: string[] } & Json {
  const schema = toSchema(operation.input, 'input') as { properties: Record<string, Json>; required?: string[] } & Json
  // the schema leaves these fields optional, because a missing one has its own error response
  const named = (operation.required ?? []).filter((names) => names.length === 1).flat()
  const required = [...new Set([...(schema.required ?? []), ...named])]
  return required.length > 0 ? { ...schema, required } : schema
}

function fieldParameters(operation: Operation): Json[] {
  const { properties, required = [] } = inputSchema(operation)
  const query = (operation.queryFields ?? []).map((name) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema: properties[name],
  }))
  const path = (operation.pathFields ?? []).map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: properties[name],
  }))
  return [...path, ...query]
}

function headerParameters(operation: Operation): Json[] {
  const header = (name: string, description: string, schema: Json = { type: 'string' }) => ({
    name,
    in: 'header',
    required: false,
    description,
    schema,
  })
  const tracing = [
    header(requestHeaders.correlationId, 'Your identifier to trace a series of requests. The response repeats it.'),
    header(requestHeaders.requestId, 'Your identifier to trace this request. The response repeats it.'),
  ]
  const scope = header(requestHeaders.accountId, 'For platforms: the child account to act for.', {
    type: 'string',
    format: 'uuid',
  })
  const { idempotency } = operation
  const key = { type: 'string', pattern: idempotency?.keyPattern.source }
  const origin = originOf[operation.caller.by]
  const faults = `Sandbox accounts only: simulates a failure. One of: ${describeSandboxFaults(operation)}.`
  return [
    ...tracing,
    ...(operation.caller.by === 'secret_key' ? [scope] : []),
    ...(idempotency ? [header(requestHeaders.idempotencyKey, idempotency.keyDescription, key)] : []),
    ...(origin ? [{ ...header(requestHeaders.origin, origin.description), required: origin.required }] : []),
    header(requestHeaders.sandboxFault, faults),
  ]
}

/** The input without the fields of the path and the query. */
function requestBody(operation: Operation): Json {
  if (operation.body === 'ignored') return {}
  const elsewhere = [...(operation.pathFields ?? []), ...(operation.queryFields ?? [])]
  const { properties, required = [], ...rest } = inputSchema(operation)
  const inBody = <T>(fields: Record<string, T>) =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => !elsewhere.includes(name)))
  const requiredHere = required.filter((name) => !elsewhere.includes(name))
  const schema = {
    ...rest,
    properties: inBody(properties),
    ...(requiredHere.length > 0 ? { required: requiredHere } : {}),
  }
  const type = operation.body === 'json' ? 'application/json' : 'application/x-www-form-urlencoded'
  return {
    requestBody: {
      required: isBodyNeeded(operation, elsewhere),
      content: { [type]: { schema, example: inBody(operation.example.input as Json) } },
    },
  }
}

/** Whether a call with only its path and query fields is refused. */
function isBodyNeeded(operation: Operation, elsewhere: readonly string[]): boolean {
  const input = Object.entries(operation.example.input as Json).filter(([name]) => elsewhere.includes(name))
  return operation.required !== undefined || !operation.input.safeParse(Object.fromEntries(input)).success
}

function success(operation: Operation): Json {
  const schema = toSchema(successBody(operation.dialect, operation.output), 'output')
  const { signedTyp } = operation
  const signed = { schema: { type: 'string', description: 'The response in a signed JWT' } }
  return {
    description: 'OK',
    content: { 'application/json': { schema }, ...(signedTyp ? { [`application/${signedTyp}`]: signed } : {}) },
  }
}

function refusals(operation: Operation): Json {
  const byStatus = new Map<number, Reason[]>()
  for (const reason of operation.refusals)
    byStatus.set(reasons[reason], [...(byStatus.get(reasons[reason]) ?? []), reason])
  const { contentType, body } = errorBodies[operation.dialect]
  const schema = toSchema(body, 'output')
  return Object.fromEntries(
    [...byStatus]
      .sort(([a], [b]) => a - b)
      .map(([status, why]) => {
        const phrases = why.map((reason) => operation.phrases?.[reason]).filter((phrase) => phrase !== undefined)
        const description = `${statusPhrases[status]}: ${why.join(', ')}${phrases.length > 0 ? ` (${[...new Set(phrases)].join('; ')})` : ''}`
        return [String(status), { description, content: { [contentType]: { schema } } }]
      }),
  )
}

function toSchema(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' })
  return rest
}

const document = (summary: string, content: Json, others: readonly number[] = []) => ({
  get: {
    tags: ['documents'],
    summary,
    security: [],
    responses: {
      '200': { description: 'OK', content },
      ...Object.fromEntries(others.map((status) => [status, { description: statusPhrases[status] }])),
    },
  },
})

const withAccount = <D extends ReturnType<typeof document>>({ get }: D) => ({
  get: {
    ...get,
    parameters: [{ name: 'account', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } }],
  },
})

const json = { 'application/json': { schema: { type: 'object' } } }
const documents = {
  '/.well-known/jwks.json': document('The public signing keys (RFC 7517)', json, [503]),
  '/.well-known/oauth-authorization-server': document('Server metadata (RFC 8414)', json, [503]),
  '/.well-known/openid-configuration': document('The metadata for OpenID Connect clients', json, [503]),
  [revocationsPath]: document(
    'The signed revocation feed of all accounts, for verifiers that do not support feeds per account',
    { [`application/${revocationsTyp}`]: {} },
    [304, 503],
  ),
  [accountRevocationsPath('{account}')]: withAccount(
    document('The signed revocation feed of one account', { [`application/${revocationsTyp}`]: {} }, [304, 404, 503]),
  ),
  [revocationStreamPath('{account}')]: withAccount(
    document(
      'The feed of an account as Server-Sent Events: the signed document, first at once and then each time it is signed again',
      { 'text/event-stream': {} },
      [404, 503],
    ),
  ),
  '/openapi.json': document('This document', json),
  '/docs': document('This document as a page where you can try requests', { 'text/html': {} }),
  '/health/live': document('Whether the process is running', json),
  '/health/ready': document('Whether the server can handle requests', json, [503]),
  '/metrics': document(
    "The server's metrics, for its operator",
    { 'text/plain': { schema: { type: 'string' } } },
    [401, 404],
  ),
}
