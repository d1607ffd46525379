import { findOperation, type OperationId } from '@hallpass/contracts'
import { getTRPCErrorFromUnknown, getTRPCErrorShape, TRPCError } from '@trpc/server'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import { type TrpcContext, toTrpcError } from './init.js'
import { appRouter } from './router.js'

/** One parsed HTTP request in tRPC's encoding: https://trpc.io/docs/rpc */
export interface TrpcRequest {
  readonly method: 'GET' | 'POST'
  /** Procedure paths. Several in a batch. */
  readonly paths: readonly string[]
  readonly isBatch: boolean
  /** The whole input of the request. Each call reads it once. Throws if it can't be read. */
  readonly input: () => unknown
}

export interface TrpcResponse {
  readonly status: number
  readonly results: readonly unknown[]
}

/** The maximum number of calls in one request. */
export const maxBatchSize = 20

/** Answers each call of a request with its procedure. `refusal` refuses all of them. */
export async function answerCalls(
  request: TrpcRequest,
  context: TrpcContext,
  refusal?: HallpassError,
): Promise<TrpcResponse> {
  const tooMany = request.paths.length > maxBatchSize
  const refused = tooMany ? new HallpassError('malformed_request', messages.tooManyCalls(maxBatchSize)) : refusal
  const paths = tooMany ? request.paths.slice(0, 1) : request.paths
  const results = await Promise.all(paths.map((path, index) => answerCall(request, { path, index }, context, refused)))
  const statuses = new Set(results.map(({ status }) => status))
  const [only] = statuses
  return {
    status: statuses.size === 1 && only !== undefined ? only : 207,
    results: results.map(({ result }) => result),
  }
}

async function answerCall(
  request: TrpcRequest,
  { path, index }: { path: string; index: number },
  ctx: TrpcContext,
  refused: HallpassError | undefined,
): Promise<{ status: number; result: unknown }> {
  const type = request.method === 'GET' ? 'query' : 'mutation'
  try {
    if (refused) throw toTrpcError(refused)
    const operation = findOperation(path)
    if (!operation) throw new TRPCError({ code: 'NOT_FOUND' })
    // a query may be sent by POST, which keeps its input out of the URL
    if (type === 'query' && operation.kind === 'mutation')
      throw toTrpcError(new HallpassError('method_not_allowed', messages.postOnly))
    // what the router's procedure does, without its middleware, which took a tenth of a call
    // the table's key is the operation's id
    const data = await ctx.execute(operation.id as OperationId, () => inputOf(request, index))
    return { status: 200, result: { result: { data } } }
  } catch (cause) {
    const error = shapeOf(cause, { type, path, ctx })
    return { status: error.data.httpStatus, result: { error } }
  }
}

/** Refuses a whole request that reached no procedure, in the format of tRPC's own adapters. */
export const refuseRequestInTrpc = (error: HallpassError, requestId: string) => ({
  error: shapeOf(toTrpcError(error), { type: 'unknown', path: undefined, ctx: { requestId } }),
})

/** Shows a path only if a procedure has it. Other text of the caller is not repeated. */
function shapeOf(
  cause: unknown,
  call: { type: 'query' | 'mutation' | 'unknown'; path: string | undefined; ctx: Pick<TrpcContext, 'requestId'> },
) {
  const error = getTRPCErrorFromUnknown(cause)
  // the formatter reads only the request's id from the context
  const ctx = call.ctx as TrpcContext
  const path = call.path !== undefined && findOperation(call.path) ? call.path : undefined
  return getTRPCErrorShape({ config: appRouter._def._config, error, input: undefined, ...call, path, ctx })
}

/** The input of one call. A batch contains inputs by index. */
function inputOf({ isBatch, input }: TrpcRequest, index: number): unknown {
  const whole = input()
  if (!isBatch) return whole
  if (typeof whole !== 'object' || whole === null) {
    throw new HallpassError('malformed_request', messages.invalidBatch)
  }
  // hasOwn has just found it
  return Object.hasOwn(whole, index) ? (whole as Record<number, unknown>)[index] : undefined
}
