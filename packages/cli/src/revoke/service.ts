import {
  type InputOf,
  type OperationId,
  type Operations,
  type OutputOf,
  operations,
  requestHeaders,
} from '@hallpass/contracts'
import type { Globals } from '../globals.js'
import type { Io } from '../io.js'
import { exchange } from '../request/exchange.js'
import type { Answer, Outgoing } from '../request/send-request.js'

/** An error response of the service. It is printed as it is, and the command fails. */
export class RefusedCall extends Error {
  readonly exchanged: { readonly request: Outgoing; readonly answer: Answer }

  constructor(exchanged: RefusedCall['exchanged']) {
    super(`The service returned ${exchanged.answer.status}.`)
    this.exchanged = exchanged
  }
}

/** Calls to the service with the caller's key. */
export interface Service {
  /** Throws RefusedCall. */
  readonly call: <Id extends OperationId>(
    id: Id,
    input: InputOf<Operations[Id]>,
    options?: { readonly accountId?: string },
  ) => Promise<OutputOf<Operations[Id]>>
}

/** Calls act for the account of the key, or for the given account. */
export function connect(io: Io, globals: Globals, scopeId: string | undefined): Service {
  return {
    async call(id, input, { accountId = scopeId } = {}) {
      const headers: Record<string, string> = accountId === undefined ? {} : { [requestHeaders.accountId]: accountId }
      // every input is an object
      const fields = input as Readonly<Record<string, unknown>>
      const exchanged = await exchange(operations[id], fields, { io, globals, headers })
      if (!exchanged.answer.ok) throw new RefusedCall(exchanged)
      return JSON.parse(exchanged.answer.text)
    },
  }
}
