import type { OperationId, OutputOf, operations } from '@hallpass/contracts'
import type { HallpassError } from '../errors.js'
import type { Allowance } from '../limits/allowance.js'
import type { Call } from './call.js'

/** A success, and what the transport adds to it. */
export interface Answer<O = unknown> {
  readonly value: O
  /** The id and time of the original request, also in a repeat. */
  readonly requestId: string
  /** RFC 3339, UTC. */
  readonly answeredAt: string
  readonly replayed: boolean
}

/** The result of a call, and the caller's quota if it has one. */
export type Outcome<O = unknown> = ({ readonly answer: Answer<O> } | { readonly error: HallpassError }) & {
  readonly allowance: Allowance | undefined
  /** The account of the caller, if it is known. For the log. */
  readonly accountId?: string | undefined
  /** The secret key that called, if it is known. */
  readonly apiKeyId?: string | undefined
}

/** Executes one call: identify the caller, authorize, limit, parse, apply at most once, handle. Nothing else does. */
export type Execute = <Id extends OperationId>(
  id: Id,
  call: Call,
) => Promise<Outcome<OutputOf<(typeof operations)[Id]>>>
