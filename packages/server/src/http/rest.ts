import { dependsOnOrigin, type Operation, type OperationId, operations } from '@hallpass/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { HallpassError } from '../errors.js'
import type { Execute, Outcome } from '../execute/outcome.js'
import { isoTime } from '../iso-time.js'
import { noteCall } from './access-log.js'
import { corsHeaders, preflightHeaders } from './cors.js'
import { requireContentType, restInput } from './decode.js'
import { dialects } from './dialects/dialect.js'
import { matchesEtag } from './etag.js'
import { repeatedBody } from './repeated-body.js'
import { type HttpResponse, quotaHeaders, refusalHeaders, writeResponse } from './response.js'

/** Serves every operation at its documented paths. */
export function registerRest(app: FastifyInstance, execute: Execute): void {
  for (const operation of Object.values<Operation>(operations)) {
    for (const path of operation.paths) {
      const url = path.replace(/\{(\w+)\}/g, ':$1')
      app.route({
        method: [...operation.methods],
        url,
        ...(operation.body === 'ignored' ? { onRequest: forgetContentType } : {}),
        handler: (request, reply) => serve(execute, operation, request, reply),
      })
      if (operation.calledFrom === 'page')
        app.options(url, (request, reply) => servePreflight(operation, request, reply))
    }
  }
}

async function serve(execute: Execute, operation: Operation, request: FastifyRequest, reply: FastifyReply) {
  const outcome = await outcomeOf(execute, operation, request)
  const response = 'error' in outcome ? refuse(operation, request, outcome.error) : succeed(operation, request, outcome)
  return writeResponse(
    request,
    reply,
    response,
    quotaHeaders(outcome.allowance),
    crossOriginHeaders(operation, request),
  )
}

async function outcomeOf(execute: Execute, operation: Operation, request: FastifyRequest): Promise<Outcome> {
  try {
    if (operation.body !== 'ignored') requireContentType(request, operation.body)
  } catch (error) {
    if (error instanceof HallpassError) return { error, allowance: undefined }
    throw error
  }
  const { headers, address, requestId } = request.inbound
  // the table's key is the operation's id
  const input = () => restInput(operation, request)
  const outcome = await execute(operation.id as OperationId, { transport: 'rest', headers, address, requestId, input })
  noteCall(request, operation.id, outcome)
  return outcome
}

function succeed(
  operation: Operation,
  request: FastifyRequest,
  outcome: Extract<Outcome, { answer: unknown }>,
): HttpResponse {
  const value = dialects[operation.dialect].success(outcome.answer)
  const { cacheSeconds } = operation
  if (cacheSeconds === undefined) {
    const headers = outcome.answer.replayed ? replayedHeaders : freshHeaders
    return { status: 200, headers, body: JSON.stringify(value) }
  }
  const { text, etag, headers } = repeatedBody(value, cacheSeconds)
  return { status: matchesEtag(request.inbound.headers.get('if-none-match'), etag) ? 304 : 200, headers, body: text }
}

const freshHeaders = { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' }
const replayedHeaders = { ...freshHeaders, 'Idempotent-Replayed': 'true' }

/** Writes a refusal in the operation's dialect. */
function refuse(operation: Operation, request: FastifyRequest, error: HallpassError): HttpResponse {
  const { requestId, receivedAt } = request.inbound
  const { body, headers } = dialects[operation.dialect].refusal({
    error,
    operation,
    requestId,
    at: isoTime(receivedAt),
  })
  return { status: error.status, headers: { ...refusalHeaders(error), ...headers }, body, error }
}

async function servePreflight(operation: Operation, request: FastifyRequest, reply: FastifyReply) {
  const headers = preflightHeaders(request.inbound.headers, operation.methods)
  return writeResponse(request, reply, { status: 204, headers, body: '' })
}

function crossOriginHeaders(operation: Operation, request: FastifyRequest): Record<string, string> {
  if (!dependsOnOrigin(operation)) return {}
  return { Vary: 'Origin', ...(operation.calledFrom === 'page' ? corsHeaders(request.inbound.headers) : {}) }
}

/** If a body is ignored, so is its type, even an unparsable one. */
function forgetContentType(request: FastifyRequest, _reply: FastifyReply, done: () => void): void {
  delete request.raw.headers['content-type']
  done()
}
