import { requestHeaders } from '@hallpass/contracts'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { HallpassError } from '../errors.js'
import type { Answer, Execute, Outcome } from '../execute/execute.js'
import { answerCalls, type TrpcRequest } from '../trpc/answer-calls.js'
import { type TrpcContext, toTrpcError } from '../trpc/init.js'
import { corsHeaders, preflightHeaders } from './cors.js'
import { jsonBody, parseJson, requireContentType, searchParams } from './decode.js'
import { isCrossOrigin } from './known-paths.js'
import { quotaHeaders, refusalHeaders, writeResponse } from './response.js'

/**
 * Carries tRPC's HTTP encoding to the router. The stock adapters build a Request and a Response around each call;
 * this door reads and writes the same bytes without them.
 */
export function registerTrpc(app: FastifyInstance, execute: Execute): void {
  app.route({ method: ['GET', 'POST'], url: '/trpc/*', handler: (request, reply) => serve(execute, request, reply) })
  app.options('/trpc/*', async (request, reply) => {
    const { paths } = readRequest(request)
    const headers = isCrossOrigin(paths)
      ? preflightHeaders(request.inbound.headers, ['GET', 'POST'])
      : { Vary: 'Origin' }
    return writeResponse(request, reply, { status: 204, headers, body: '' })
  })
}

async function serve(execute: Execute, request: FastifyRequest, reply: FastifyReply) {
  const trpcRequest = readRequest(request)
  const seen: Outcome[] = []
  const context = contextOf(execute, request, seen)
  const { status, results } = await answerCalls(trpcRequest, context, faultOf(request, trpcRequest))
  const isStream = trpcRequest.isBatch && request.inbound.headers.get('trpc-accept') === 'application/jsonl'
  return writeResponse(request, reply, {
    // a stream has said 200 before it knows better; each of its results carries its own status
    status: isStream ? 200 : status,
    headers: {
      'Content-Type': 'application/json',
      'Cache-Control': 'no-store',
      Vary: 'Origin, trpc-accept',
      ...(isCrossOrigin(trpcRequest.paths) ? corsHeaders(request.inbound.headers) : {}),
      ...(seen.length === 1 ? headersOf(seen) : {}),
    },
    body: isStream ? streamOf(results) : JSON.stringify(trpcRequest.isBatch ? results : results[0]),
  })
}

/** Takes a request apart; unreadable input is said in its turn, by each call. */
function readRequest(request: FastifyRequest): TrpcRequest {
  const query = searchParams(request)
  const isBatch = query.get('batch') === '1'
  const path = (request.params as { '*': string })['*']
  return {
    method: request.method === 'GET' ? 'GET' : 'POST',
    paths: isBatch ? path.split(',') : [path],
    isBatch,
    input: request.method === 'GET' ? () => queryInput(query) : () => jsonBody(request),
  }
}

function queryInput(query: URLSearchParams): unknown {
  const input = query.get('input')
  return input === null ? undefined : parseJson(input, 'input')
}

/** What is wrong with the request as a whole. */
function faultOf(request: FastifyRequest, { paths }: TrpcRequest): HallpassError | undefined {
  try {
    if (request.method === 'POST') requireContentType(request, 'json')
  } catch (error) {
    if (error instanceof HallpassError) return error
    throw error
  }
  const isKeyed = request.inbound.headers.count(requestHeaders.idempotencyKey.toLowerCase()) > 0
  if (!isKeyed || paths.length < 2) return undefined
  return new HallpassError('invalid_header', 'A batch of several calls cannot carry an Idempotency-Key.')
}

function contextOf(execute: Execute, request: FastifyRequest, seen: Outcome[]): TrpcContext {
  const { headers, address, requestId } = request.inbound
  return {
    requestId,
    execute: async (id, input) => {
      // the door hands the input over unread: see answerCalls
      const outcome = await execute(id, { headers, address, requestId, input: input as () => unknown })
      seen.push(outcome)
      if ('error' in outcome) {
        request.refusal = outcome.error
        throw toTrpcError(outcome.error)
      }
      return outcome.answer.value
    },
  }
}

/** The headers of a single call are those of the REST door. */
function headersOf([outcome]: Outcome[]): Record<string, string> {
  if (!outcome) return {}
  const replayed = 'answer' in outcome && (outcome.answer as Answer).replayed
  return {
    ...quotaHeaders(outcome.allowance),
    ...('error' in outcome ? refusalHeaders(outcome.error) : {}),
    ...(replayed ? { 'Idempotent-Replayed': 'true' } : {}),
  }
}

/** tRPC's JSON lines, when all results are there already: one line, each result wrapped as a value that is not awaited. */
const streamOf = (results: readonly unknown[]) =>
  `${JSON.stringify(Object.fromEntries(results.map((result, index) => [index, [[result]]])))}\n`
