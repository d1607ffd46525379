import { channel } from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import { accountRevocationsPath, type Operation, revocationStreamPath, revocationsPath } from '@hallpass/contracts'
import type { FastifyInstance } from 'fastify'
import { acme } from '../fixtures/fixture.js'
import type { TestServer } from '../servers/in-process-server.js'
import { endpoints, validRequest } from './endpoints.js'
import { bodyParts, type HostilePart, headParts, valuesFor } from './hostile-parts.js'
import type { RawRequest } from './raw-http.js'

const openApi: OpenApi = JSON.parse(readFileSync(new URL('../../../../docs/openapi.json', import.meta.url), 'utf8'))

/** A route of the server, and what can be sent to it. */
export interface BudgetedRoute {
  /** Method and path as in the router: `GET /v1/admin/cards/:card_id`. */
  readonly route: string
  /** Which of the calls of the route, if it has several. */
  readonly call?: string
  readonly normal: (server: TestServer) => Promise<RawRequest> | RawRequest
  readonly parts: readonly HostilePart[]
}

/** Static documents, health and metrics. */
const documents = [
  revocationsPath,
  accountRevocationsPath(acme.account),
  '/.well-known/jwks.json',
  '/.well-known/oauth-authorization-server',
  '/.well-known/openid-configuration',
  '/docs',
  '/docs/start.js',
  '/docs/swagger-ui-bundle.js',
  '/docs/swagger-ui.css',
  '/console',
  '/console/*',
  '/console/assets/:name',
  '/embed.js',
  '/health/live',
  '/health/ready',
  '/metrics',
  '/openapi.json',
]

/** Routes of each form, which get every part: JSON, form, path and query, over REST and tRPC, and a document. */
const thorough = new Set([
  'POST /v1/bridge/initialize',
  'POST /api/v1/widget/auth/guest',
  'GET /api/v1/widget/config',
  'GET /v1/cards/:card_id/widget_token',
  'POST /oauth2/introspect',
  'POST /trpc/* (a batch)',
  'GET /trpc/* (visitor.config)',
  'GET /docs',
])

const allRoutes: readonly BudgetedRoute[] = [
  ...endpoints.flatMap(routesOf),
  ...endpoints.map(callByPost),
  ...endpoints.filter(({ kind }) => kind === 'query').map(callByGet),
  { route: 'OPTIONS /trpc/*', normal: () => preflight('/trpc/visitor.config'), parts: headParts },
  { route: 'POST /trpc/*', call: 'a batch', normal: batch, parts: [...headParts, ...bodyParts] },
  { route: 'POST /secret-scanning/github', normal: leakReport, parts: [...headParts, ...bodyParts] },
  ...documents.flatMap((path) =>
    ['GET', 'HEAD'].map((method) => ({
      route: `${method} ${path.replace(acme.account, ':account')}`,
      normal: () => ({ method, target: path.replace('*', 'keys').replace(':name', 'none.js') }),
      parts: headParts,
    })),
  ),
  {
    // one that is refused, because an accepted response never ends
    route: `GET ${revocationStreamPath(':account')}`,
    normal: () => ({ method: 'GET', target: revocationStreamPath('none') }),
    parts: headParts,
  },
]

export const titleOf = ({ route, call }: BudgetedRoute): string => (call === undefined ? route : `${route} (${call})`)

/** Every route of the server, derived from the operations and the documents. */
export const budgetedRoutes: readonly BudgetedRoute[] = allRoutes.map((one) =>
  thorough.has(titleOf(one)) ? one : { ...one, parts: one.parts.filter(({ everywhere }) => everywhere) },
)

/** Whether it is a procedure that gets only the parts that every route gets. */
export const isProcedure = (route: BudgetedRoute): boolean =>
  route.call !== undefined && route.route.includes('/trpc/') && !thorough.has(titleOf(route))

function routesOf(operation: Operation): BudgetedRoute[] {
  return operation.paths.flatMap((path) => {
    const url = path.replace(/\{(\w+)\}/g, ':$1')
    const parts = operation.body === 'ignored' ? headParts : [...headParts, ...bodyParts, ...fieldParts(operation)]
    const called = operation.methods.map((method) => ({
      route: `${method} ${url}`,
      normal: (server: TestServer) => requestTo(server, { ...operation, paths: [path], methods: [method] }),
      parts,
    }))
    if (operation.calledFrom === 'backend') return called
    return [...called, { route: `OPTIONS ${url}`, normal: () => preflight(path), parts: headParts }]
  })
}

const requestTo = (server: TestServer, operation: Operation) => validRequest(server, operation)

function callByPost(operation: Operation): BudgetedRoute {
  return {
    route: 'POST /trpc/*',
    call: operation.id,
    normal: async (server) => {
      const request = await validRequest(server, { ...operation, paths: [`/trpc/${operation.id}`], ...inJson })
      return { ...request, method: 'POST' }
    },
    parts: bodyParts,
  }
}

function callByGet(operation: Operation): BudgetedRoute {
  return {
    route: 'GET /trpc/*',
    call: operation.id,
    normal: async (server) => {
      const { headers, body } = await validRequest(server, { ...operation, ...inJson })
      const input = encodeURIComponent(String(body))
      return { method: 'GET', target: `/trpc/${operation.id}?input=${input}`, headers }
    },
    parts: headParts,
  }
}

/** All of an operation's input in a JSON body, as in tRPC. */
const inJson = { pathFields: [], queryFields: [], body: 'json', methods: ['POST'] } as const

/** Twenty calls that require no credential. */
function batch(): RawRequest {
  const body = JSON.stringify(
    Object.fromEntries(Array.from({ length: 20 }, (_, i) => [i, { client_key: acme.clientKey }])),
  )
  const headers = [
    ['Content-Type', 'application/json'],
    ['Origin', acme.origin],
  ] as const
  return { method: 'POST', target: `/trpc/${Array(20).fill('visitor.config').join(',')}?batch=1`, headers, body }
}

/** A report without a valid signature. */
function leakReport(): RawRequest {
  const headers = [
    ['Content-Type', 'application/json'],
    ['Github-Public-Key-Identifier', 'none'],
    ['Github-Public-Key-Signature', 'AAAA'],
  ] as const
  return { method: 'POST', target: '/secret-scanning/github', headers, body: '{}' }
}

function preflight(path: string): RawRequest {
  const headers = [
    ['Origin', acme.origin],
    ['Access-Control-Request-Method', 'POST'],
  ] as const
  return { method: 'OPTIONS', target: path, headers }
}

/** The part of the OpenAPI document that describes the members of bodies. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>
}
interface OpenApi {
  readonly paths: Readonly<Record<string, { readonly post?: { readonly requestBody?: RequestBody } }>>
}
interface RequestBody {
  readonly content: Readonly<Record<string, { readonly schema: Schema }>>
}

/** Hostile values for each member of an operation's body, including nested members. */
function fieldParts({ paths: [path = ''] }: Operation): HostilePart[] {
  const schema = openApi.paths[path]?.post?.requestBody?.content['application/json']?.schema
  const fields = Object.entries(schema?.properties ?? {}).flatMap(([name, { properties = {} }]) => [
    name,
    ...Object.keys(properties).map((member) => `${name}.${member}`),
  ])
  return fields.flatMap(valuesFor)
}

/** The routes that a server registers at start, as method and path. */
export async function registeredRoutes<T>(start: () => Promise<T>): Promise<{ started: T; routes: readonly string[] }> {
  const routes = new Set<string>()
  const collect = (message: unknown) => {
    // the message that fastify publishes on this channel
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', ({ method, url }) => {
      for (const one of [method].flat()) routes.add(`${one} ${url}`)
    })
  }
  const initialization = channel('fastify.initialization')
  initialization.subscribe(collect)
  try {
    return { started: await start(), routes: [...routes] }
  } finally {
    initialization.unsubscribe(collect)
  }
}
