import type { InputOf, OperationId, Operations, OutputOf } from '@hallpass/contracts'
import type { CallOptions } from './call/options.js'
import type { Answer } from './call/send.js'

/** The result of a call. Await it for the value, or call `withResponse()` to get the response metadata too. */
export interface Result<T> extends Promise<T> {
  readonly withResponse: () => Promise<Answer<T>>
}

/** A method of an operation. */
export type Method<Id extends OperationId> = (
  input: InputOf<Operations[Id]>,
  options?: CallOptions,
) => Result<OutputOf<Operations[Id]>>
