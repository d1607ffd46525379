import type { Operation, OperationId, TokenKind } from '@hallpass/contracts'
import { limitTime, type TimeLimit } from '../deadline.js'
import type { Allowance } from '../limits/allowance.js'
import type { ChainedEntry } from '../store/queries/audit-chain.js'
import type { Steps } from '../tracing/steps.js'
import type { Call } from './call.js'
import { extend } from './extend.js'
import type { Handler } from './handler.js'
import { handlers } from './handlers.js'
import type { Bind, Services } from './services.js'
import { traceServices } from './trace-call.js'

/** The state of one call on its way through the steps. */
export interface Run extends Steps {
  /** Those that wait do so until the call's deadline. */
  readonly services: Services
  readonly operation: Operation
  readonly call: Call
  readonly limit: TimeLimit
  /** Moves the deadline, for a caller that asked to wait. Returns what is bound to the new one. */
  readonly postpone: (milliseconds: number) => ReturnType<Bind>
  /** On the monotonic clock of this process, in milliseconds. */
  readonly begunAt: number
  /** The caller, once it is known. */
  caller: { readonly accountId?: string; readonly apiKeyId?: string; readonly clientKeyId?: string }
  /** The state of the caller's quota, once the caller may know it. */
  allowance: Allowance | undefined
  /** The kind of token that the call spends. Null if it carries the token of an identity provider instead. */
  spends: TokenKind | null
  /** Set once the input was read. Any later refusal comes from the handler. */
  isRead: boolean
  /** The audit entries of the call. Logged once they are committed. */
  readonly recorded: ChainedEntry[]
}

export function openRun(base: Services, bind: Bind, operation: Operation, call: Call): Run {
  const { id } = operation
  const limit = limitTime(call.deadline)
  // complete from the start: assigning `postpone` later kept each call alive until the next full garbage collection
  const run: Run = {
    span: call.trace?.span?.begin(id, { 'hallpass.operation': id, 'hallpass.transport': call.transport }),
    services: extend(base, bind(call.deadline)),
    operation,
    call,
    limit,
    postpone: (milliseconds) => bind(limit.postpone(milliseconds)),
    begunAt: performance.now(),
    caller: {},
    allowance: undefined,
    spends: operation.spends,
    isRead: false,
    recorded: [],
  }
  return call.trace ? Object.assign(run, { services: traceServices(run.services, run, call.trace) }) : run
}

/** A handler without its types: its context depends on the kind of caller, which {@link handlers} has checked. */
export type AnyHandler = Handler<unknown, unknown, unknown>

/** The table's key is the operation's id. */
export const handlerOf = ({ id }: Operation): AnyHandler => handlers[id as OperationId] as AnyHandler
