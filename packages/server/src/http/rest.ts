import { dependsOnOrigin, type Operation, type OperationId, operations } from '@hallpass/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { DeadlineOf } from '../deadline.js'
import { HallpassError } from '../errors.js'
import type { Execute, Outcome } from '../execute/outcome.js'
import { isoTime } from '../iso-time.js'
import type { SignIntrospection } from '../signing/sign-introspection.js'
import { noteCall } from './access-log.js'
import { corsHeaders, preflightHeaders } from './cors.js'
import { requireContentType, restInput } from './decode.js'
import { dialects } from './dialects/dialect.js'
import { matchesEtag } from './etag.js'
import { prefersType } from './prefers-type.js'
import { repeatedBody } from './repeated-body.js'
import { type HttpResponse, quotaHeaders, refusalHeaders, writeResponse } from './response.js'

/** What a transport needs to pass on a call. */
export interface CallDeps {
  readonly execute: Execute
  readonly deadlineOf: DeadlineOf
}

/** Serves every operation at its documented paths. */
export function registerRest(app: FastifyInstance, deps: CallDeps, sign: SignIntrospection): void {
  const signing = { ...deps, sign }
  for (const operation of Object.values<Operation>(operations)) {
    for (const path of operation.paths) {
      const url = routeOf(path)
      app.route({
        method: [...operation.methods],
        url,
        ...(operation.body === 'ignored' ? { onRequest: forgetContentType } : {}),
        handler: (request, reply) => serve(signing, operation, request, reply),
      })
      if (operation.calledFrom === 'page')
        app.options(url, (request, reply) => servePreflight(operation, request, reply))
    }
  }
}

/** A documented path as the framework writes it. */
export const routeOf = (path: string) => path.replace(/\{(\w+)\}/g, ':$1')

interface Deps extends CallDeps {
  readonly sign: SignIntrospection
}

async function serve(deps: Deps, operation: Operation, request: FastifyRequest, reply: FastifyReply) {
  const outcome = await outcomeOf(deps, operation, request)
  const response =
    'error' in outcome
      ? refuse(operation, request, outcome.error)
      : (succeedSigned(deps.sign, operation, request, outcome) ?? succeed(operation, request, outcome))
  return writeResponse(
    request,
    reply,
    response,
    quotaHeaders(outcome.allowance),
    crossOriginHeaders(operation, request),
  )
}

async function outcomeOf(
  { execute, deadlineOf }: CallDeps,
  operation: Operation,
  request: FastifyRequest,
): Promise<Outcome> {
  try {
    if (operation.body !== 'ignored') requireContentType(request, operation.body)
  } catch (error) {
    if (error instanceof HallpassError) return { error, allowance: undefined }
    throw error
  }
  const { headers, address, requestId, arrivedAt } = request.inbound
  const call = {
    transport: 'rest',
    headers,
    address,
    requestId,
    input: () => restInput(operation, request),
    trace: request.trace,
    deadline: deadlineOf(arrivedAt),
  } as const
  // the table's key is the operation's id
  const outcome = await execute(operation.id as OperationId, call)
  noteCall(request, operation.id, outcome)
  return outcome
}

type Success = Extract<Outcome, { answer: unknown }>

/** The response as a signed JWT, if the caller accepts that. */
function succeedSigned(
  sign: SignIntrospection,
  { signedTyp }: Operation,
  request: FastifyRequest,
  { answer, apiKeyId }: Success,
): HttpResponse | undefined {
  const type = `application/${signedTyp}`
  if (signedTyp === undefined || apiKeyId === undefined) return undefined
  if (!prefersType(request.inbound.headers.get('accept'), type)) return undefined
  return { status: 200, headers: { ...freshHeaders, 'Content-Type': type }, body: sign(apiKeyId, answer.value) }
}

function succeed(operation: Operation, request: FastifyRequest, outcome: Success): HttpResponse {
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
  const { headers } = request.raw
  if (headers['content-type'] !== undefined) delete headers['content-type']
  done()
}
