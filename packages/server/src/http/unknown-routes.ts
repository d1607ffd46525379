import type { FastifyReply, FastifyRequest } from 'fastify'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import { refuseRequestInTrpc } from '../trpc/answer-calls.js'
import { corsHeaders } from './cors.js'
import { dialectOf, dialects } from './dialects/dialect.js'
import { json } from './dialects/json.js'
import { findKnownPath, isTrpcPath, pathOf } from './known-paths.js'
import { refusalHeaders, writeResponse } from './response.js'

/** Refuses an unknown path, or a method that the path doesn't accept. */
export function serveUnknownRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = findKnownPath(pathOf(request.url))
  if (!known) return refuseRequest(request, reply, new HallpassError('not_found', messages.nothingAtPath))
  const methods = known.methods.join(', ')
  const error = new HallpassError('method_not_allowed', messages.allowedMethods(methods))
  return refuseRequest(request, reply, error, { Allow: methods })
}

/** Whether the request's path accepts its method. */
export const isKnownRoute = (request: FastifyRequest): boolean =>
  findKnownPath(pathOf(request.url))?.methods.includes(request.method) ?? false

/** Refuses a request that reached no operation, in the dialect of its path. */
export function refuseRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  error: HallpassError,
  more: Record<string, string> = {},
): FastifyReply {
  const path = pathOf(request.url)
  const { body, headers } = messageOf(path, request, error)
  const isCrossOrigin = findKnownPath(path)?.crossOrigin ?? false
  return writeResponse(request, reply, {
    status: error.status,
    headers: {
      ...refusalHeaders(error),
      ...(isCrossOrigin || dialectOf(path) === 'text' ? { Vary: 'Origin' } : {}),
      ...(isCrossOrigin ? corsHeaders(request.inbound.headers) : {}),
      ...more,
      ...headers,
    },
    body,
    error,
  })
}

function messageOf(path: string, request: FastifyRequest, error: HallpassError) {
  const { requestId, receivedAt } = request.inbound
  if (isTrpcPath(path)) return json(refuseRequestInTrpc(error, requestId))
  const at = new Date(receivedAt).toISOString()
  return dialects[dialectOf(path)].refusal({ error, operation: undefined, requestId, at })
}
