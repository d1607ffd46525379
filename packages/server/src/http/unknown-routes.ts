import { type Operation, operations } from '@hallpass/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { HallpassError } from '../errors.js'
import { corsHeaders } from './cors.js'
import { dialectOf, dialects } from './dialects/dialect.js'
import { refusalHeaders, writeResponse } from './response.js'

interface KnownPath {
  readonly pattern: RegExp
  readonly methods: readonly string[]
  readonly crossOrigin: boolean
}

const documents = [
  '/.well-known/jwks.json',
  '/.well-known/oauth-authorization-server',
  '/openapi.json',
  '/health/live',
  '/health/ready',
]

const knownPaths: readonly KnownPath[] = [
  ...Object.values<Operation>(operations).flatMap(({ paths, methods, crossOrigin }) =>
    paths.map((path) => ({
      pattern: patternOf(path),
      methods: crossOrigin ? [...methods, 'OPTIONS'] : methods,
      crossOrigin: crossOrigin ?? false,
    })),
  ),
  ...documents.map((path) => ({ pattern: patternOf(path), methods: ['GET', 'HEAD'], crossOrigin: false })),
  { pattern: /^\/trpc\/.*$/, methods: ['GET', 'POST', 'OPTIONS'], crossOrigin: false },
]

/** Refuses a path that nothing is served at, or a method that its path does not take. */
export function serveUnknownRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = knownPaths.find(({ pattern }) => pattern.test(pathOf(request)))
  if (!known) return refuseRequest(request, reply, new HallpassError('not_found', 'There is nothing at this path.'))
  const error = new HallpassError('method_not_allowed', `This path takes ${known.methods.join(', ')}.`)
  return refuseRequest(request, reply, error, { Allow: known.methods.join(', ') })
}

/** Refuses a request that reached no operation, in the dialect of its path. */
export function refuseRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  error: HallpassError,
  more: Record<string, string> = {},
): FastifyReply {
  const { requestId, receivedAt } = request.inbound
  const name = dialectOf(pathOf(request))
  const at = new Date(receivedAt).toISOString()
  const { body, headers } = dialects[name].refusal({ error, operation: undefined, requestId, at })
  const vary: Record<string, string> = name === 'text' ? { Vary: 'Origin' } : {}
  const isCrossOrigin = knownPaths.some(({ pattern, crossOrigin }) => crossOrigin && pattern.test(pathOf(request)))
  return writeResponse(request, reply, {
    status: error.status,
    headers: {
      ...refusalHeaders(error),
      ...vary,
      ...(isCrossOrigin ? corsHeaders(request.inbound.headers) : {}),
      ...more,
      ...headers,
    },
    body,
    error,
  })
}

/** Whether the request's path takes its method. */
export const isKnownRoute = (request: FastifyRequest): boolean =>
  knownPaths.some(({ pattern, methods }) => pattern.test(pathOf(request)) && methods.includes(request.method))

const pathOf = (request: FastifyRequest) => request.url.split('?', 1)[0] ?? ''

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/[.]/g, '\\.').replace(/\{\w+\}/g, '[^/]+')}$`)
}
