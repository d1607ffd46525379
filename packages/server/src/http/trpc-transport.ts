import { requestHeaders } from '@hallpass/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import type { Answer, Outcome } from '../execute/outcome.js'
import { answerCalls, type TrpcRequest } from '../trpc/answer-calls.js'
import { type TrpcContext, toTrpcError } from '../trpc/init.js'
import { noteCall } from './access-log.js'
import { corsHeaders, preflightHeaders } from './cors.js'
import { jsonBody, parseJson, queryOf, requireContentType } from './decode.js'
import { callsOf, isCrossOrigin, procedureOf } from './known-paths.js'
import { readFields } from './read-fields.js'
import { quotaHeaders, refusalHeaders, writeResponse } from './response.js'
import type { CallDeps } from './rest.js'
import { refuseRequest } from './unknown-routes.js'

/**
 * Connects tRPC's HTTP encoding to the router. The stock adapters build a Request and a Response around each call. This
 * transport reads and writes the same bytes without them.
 */
export function registerTrpc(app: FastifyInstance, deps: CallDeps): void {
  app.route({
    method: ['GET', 'POST'],
    url: '/trpc/*',
    handler: (request, reply) => withRequest(request, reply, (read) => serve(deps, read, request, reply)),
  })
  app.options('/trpc/*', async (request, reply) =>
    withRequest(request, reply, ({ paths }) => {
      const headers = isCrossOrigin(paths)
        ? preflightHeaders(request.inbound.headers, ['GET', 'POST'])
        : { Vary: 'Origin' }
      return writeResponse(request, reply, { status: 204, headers, body: '' })
    }),
  )
}

/** Passes on the parsed request, or refuses one whose query can't be read. */
function withRequest<T>(request: FastifyRequest, reply: FastifyReply, next: (read: TrpcRequest) => T) {
  let read: TrpcRequest
  try {
    read = readRequest(request)
  } catch (error) {
    if (error instanceof HallpassError) return refuseRequest(request, reply, error)
    throw error
  }
  return next(read)
}

async function serve(deps: CallDeps, trpcRequest: TrpcRequest, request: FastifyRequest, reply: FastifyReply) {
  const seen: Outcome[] = []
  const context = contextOf(deps, request, seen)
  const { status, results } = await answerCalls(trpcRequest, context, faultOf(request, trpcRequest))
  const isStream = trpcRequest.isBatch && wantsStream(request)
  return writeResponse(request, reply, {
    // a stream sends its 200 before the results are known; each result carries its own status
    status: isStream ? 200 : status,
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      Vary: 'Origin, trpc-accept, accept',
      ...(isCrossOrigin(trpcRequest.paths) ? corsHeaders(request.inbound.headers) : {}),
      ...(seen.length === 1 ? headersOf(seen) : {}),
    },
    body: isStream ? streamOf(results) : JSON.stringify(trpcRequest.isBatch ? results : results[0]),
  })
}

/** Parses a request. Each call that can't be read is refused separately. The whole input is read once for all calls. */
function readRequest(request: FastifyRequest): TrpcRequest {
  const query = readFields(queryOf(request), ['batch', 'input'])
  const isBatch = first(query.batch) === '1'
  const path = (request.params as { '*': string })['*']
  const read = request.method === 'GET' ? () => queryInput(query.input) : () => jsonBody(request)
  return {
    method: request.method === 'GET' ? 'GET' : 'POST',
    paths: isBatch ? callsOf(path) : [procedureOf(path)],
    isBatch,
    input: once(read),
  }
}

/** A client that streams a batch asks for JSON lines in either header; tRPC's own comes first. */
function wantsStream({ inbound: { headers } }: FastifyRequest): boolean {
  const asked = headers.get('trpc-accept') ?? headers.get('accept') ?? ''
  return asked.split(',').some((type) => type.trim() === 'application/jsonl')
}

function queryInput(field: unknown): unknown {
  const input = first(field)
  return typeof input === 'string' ? parseJson(input, 'input') : undefined
}

/** If a parameter is repeated, the first one counts. */
const first = (field: unknown): unknown => (Array.isArray(field) ? field[0] : field)

/** The result or error of a function's first call. */
function once<T>(read: () => T): () => T {
  let result: (() => T) | undefined
  return () => {
    result ??= attempt(read)
    return result()
  }
}

function attempt<T>(read: () => T): () => T {
  try {
    const value = read()
    return () => value
  } catch (error) {
    return () => {
      throw error
    }
  }
}

/** An error of the request as a whole. */
function faultOf(request: FastifyRequest, { paths }: TrpcRequest): HallpassError | undefined {
  try {
    if (request.method === 'POST') requireContentType(request, 'json')
  } catch (error) {
    if (error instanceof HallpassError) return error
    throw error
  }
  const isKeyed = request.inbound.headers.count(requestHeaders.idempotencyKey.toLowerCase()) > 0
  if (!isKeyed || paths.length < 2) return undefined
  return new HallpassError('invalid_header', messages.batchWithIdempotencyKey)
}

function contextOf({ execute, deadlineOf }: CallDeps, request: FastifyRequest, seen: Outcome[]): TrpcContext {
  const { headers, address, requestId, arrivedAt } = request.inbound
  const deadline = deadlineOf(arrivedAt)
  return {
    requestId,
    execute: async (id, input) => {
      // the transport passes the input on unread: see answerCalls
      const { trace } = request
      const read = input as () => unknown
      const call = { transport: 'trpc', headers, address, requestId, deadline, input: read, trace } as const
      const outcome = await execute(id, call)
      seen.push(outcome)
      noteCall(request, id, outcome)
      if ('error' in outcome) {
        request.refusal = outcome.error
        throw toTrpcError(outcome.error)
      }
      return outcome.answer.value
    },
  }
}

/** A single call has the same headers as over REST. */
function headersOf([outcome]: Outcome[]): Record<string, string> {
  if (!outcome) return {}
  const replayed = 'answer' in outcome && (outcome.answer as Answer).replayed
  return {
    ...quotaHeaders(outcome.allowance),
    ...('error' in outcome ? refusalHeaders(outcome.error) : {}),
    ...(replayed ? { 'Idempotent-Replayed': 'true' } : {}),
  }
}

/** tRPC's JSON lines when all results are already there: one line, with each result wrapped as a plain value. */
const streamOf = (results: readonly unknown[]) =>
  `${JSON.stringify(Object.fromEntries(results.map((result, index) => [index, [[result]]])))}\n`
