import {
  findOperation,
  type InputOf,
  type Issue,
  type Operation,
  type OperationId,
  type Operations,
  type OutputOf,
  type Reason,
} from '@hallpass/contracts'
import { initTRPC, TRPCError } from '@trpc/server'
import { messages } from '../error-messages.js'
import { HallpassError, publicMessage } from '../errors.js'

/** The context of a procedure: something that executes an operation, or throws a TRPCError. */
export interface TrpcContext {
  /** The server's own id of the request. */
  readonly requestId: string
  readonly execute: <Id extends OperationId>(id: Id, input: unknown) => Promise<OutputOf<Operations[Id]>>
}

/** The data of an error for clients, besides tRPC's own fields. */
export interface ErrorData {
  readonly reason: Reason
  readonly request_id?: string
  readonly items?: readonly Issue[]
  readonly valid_status?: readonly string[]
  /** Whole seconds. */
  readonly retry_after?: number
}

const t = initTRPC.context<TrpcContext>().create({
  isDev: false,
  errorFormatter({ shape, error, ctx }) {
    const { code, httpStatus, path } = shape.data
    const { message, ...rest } = errorData(error, path === undefined ? undefined : findOperation(path))
    return { ...shape, message, data: { code, httpStatus, path, ...rest, request_id: ctx?.requestId } }
  },
})

export const router = t.router

/** Makes the procedure of an operation that changes something. */
export const mutation = <Id extends OperationId>(id: Id) =>
  t.procedure.input(raw<InputOf<Operations[Id]>>).mutation(({ ctx, input }) => ctx.execute(id, input))

/** Makes the procedure of an operation that only reads. */
export const query = <Id extends OperationId>(id: Id) =>
  t.procedure.input(raw<InputOf<Operations[Id]>>).query(({ ctx, input }) => ctx.execute(id, input))

/** Gives an input its type. `execute` parses it, after it has checked the credential and the limit. */
const raw = <Input>(input: unknown) => input as Input

function errorData(error: TRPCError, operation: Operation | undefined): ErrorData & { message: string } {
  if (error.cause instanceof HallpassError) {
    const { publicReason: reason, details } = error.cause
    const { items, valid_status, retryAfter } = details
    return {
      reason,
      message: publicMessage(error.cause, operation),
      ...(items && { items }),
      ...(valid_status && { valid_status }),
      ...(retryAfter && { retry_after: retryAfter }),
    }
  }
  if (error.code === 'NOT_FOUND') return { reason: 'not_found', message: messages.noProcedure }
  if (error.code === 'METHOD_NOT_SUPPORTED') return { reason: 'method_not_allowed', message: messages.otherMethod }
  return { reason: 'internal_error', message: messages.internalError }
}

const codes = {
  400: 'BAD_REQUEST',
  401: 'UNAUTHORIZED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  405: 'METHOD_NOT_SUPPORTED',
  409: 'CONFLICT',
  413: 'PAYLOAD_TOO_LARGE',
  415: 'UNSUPPORTED_MEDIA_TYPE',
  422: 'UNPROCESSABLE_CONTENT',
  429: 'TOO_MANY_REQUESTS',
  500: 'INTERNAL_SERVER_ERROR',
  503: 'SERVICE_UNAVAILABLE',
} as const satisfies Record<HallpassError['status'], TRPCError['code']>

/** A refusal as a tRPC error. */
export const toTrpcError = (error: HallpassError): TRPCError =>
  new TRPCError({ code: codes[error.status], message: error.message, cause: error })
