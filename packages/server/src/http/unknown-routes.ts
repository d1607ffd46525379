import type { Dialect } from '@hallpass/contracts'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import { refuseRequestInTrpc } from '../trpc/answer-calls.js'
import { corsHeaders } from './cors.js'
import { dialectOf, dialects } from './dialects/dialect.js'
import { json } from './dialects/json.js'
import { findKnownPath, isTrpcPath, pathOf } from './known-paths.js'
import { findOtherOperation } from './other-operations.js'
import { refusalHeaders, writeResponse } from './response.js'

/** Refuses an unknown path, or a method that the path doesn't accept. */
export function serveUnknownRoute(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known = findKnownPath(pathOf(request.url))
  if (!known) return refuseUnknownPath(request, reply)
  const methods = known.methods.join(', ')
  const error = new HallpassError('method_not_allowed', messages.allowedMethods(methods))
  return refuseRequest(request, reply, error, { Allow: methods })
}

/** An operation of an API that Hallpass has a part of is refused in that API's dialect, with what to use instead. */
function refuseUnknownPath(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const other = findOtherOperation(request.method, pathOf(request.url))
  const error = new HallpassError('not_found', other?.hint ?? messages.nothingAtPath)
  return refuseRequest(request, reply, error, {}, other?.dialect)
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
  dialect: Dialect = dialectOf(pathOf(request.url)),
): FastifyReply {
  const path = pathOf(request.url)
  const { body, headers } = messageOf(request, error, dialect)
  const isCrossOrigin = findKnownPath(path)?.crossOrigin ?? false
  return writeResponse(request, reply, {
    status: error.status,
    headers: {
      ...refusalHeaders(error),
      ...(isCrossOrigin || dialect === 'text' ? { Vary: 'Origin' } : {}),
      ...(isCrossOrigin ? corsHeaders(request.inbound.headers) : {}),
      ...more,
      ...headers,
    },
    body,
    error,
  })
}

function messageOf(request: FastifyRequest, error: HallpassError, dialect: Dialect) {
  const { requestId, receivedAt } = request.inbound
  if (isTrpcPath(pathOf(request.url))) return json(refuseRequestInTrpc(error, requestId))
  const at = new Date(receivedAt).toISOString()
  return dialects[dialect].refusal({ error, operation: undefined, requestId, at })
}
