import type { Operation, OperationId } from '@hallpass/contracts'
import type { Allowance } from '../limits/allowance.js'
import type { ChainedEntry } from '../store/queries/audit-chain.js'
import type { Call } from './call.js'
import type { Handler } from './handler.js'
import { handlers } from './handlers.js'
import type { Services } from './services.js'

/** The state of one call while it goes through the steps. */
export interface Run {
  readonly services: Services
  readonly operation: Operation
  readonly call: Call
  /** On the process's own clock, in milliseconds. */
  readonly begunAt: number
  /** Who calls, once that is known. */
  caller: { readonly accountId?: string; readonly apiKeyId?: string; readonly clientKeyId?: string }
  /** How the caller's quota stands, once the caller may know it. */
  allowance: Allowance | undefined
  /** The input was read, so what refuses the call from then on is its handler. */
  isRead: boolean
  /** Added to the history. Logged once it is committed. */
  readonly recorded: ChainedEntry[]
}

export const openRun = (services: Services, operation: Operation, call: Call): Run => ({
  services,
  operation,
  call,
  begunAt: performance.now(),
  caller: {},
  allowance: undefined,
  isRead: false,
  recorded: [],
})

/** A handler with its types forgotten: its context is what the caller's kind gives, which {@link handlers} has checked. */
export type AnyHandler = Handler<unknown, unknown, unknown>

/** The table's key is the operation's id. */
export const handlerOf = ({ id }: Operation): AnyHandler => handlers[id as OperationId] as AnyHandler
