import type { InputOf, OperationId, Operations, OutputOf } from '@hallpass/contracts'
import type { CallOptions } from './call/options.js'
import type { Answer } from './call/send.js'
import type { InputFields } from './input-fields.js'
import type { OutputFields } from './output-fields.js'

/** The result of a call. Await it for the value, or call `withResponse()` to get the response metadata too. */
export interface Result<T> extends Promise<T> {
  readonly withResponse: () => Promise<Answer<T>>
}

/** A type with what is said about its fields. An input can be absent. */
type Described<T, Fields> = unknown extends Fields
  ? T
  : T extends object
    ? { [Name in keyof (T & Fields)]: (T & Fields)[Name] }
    : T

/** A method of an operation. The types are the contracts', and editors show what the contracts say about each field. */
export type Method<Id extends OperationId> = (
  input: Described<InputOf<Operations[Id]>, InputFields[Id]>,
  options?: CallOptions,
) => Result<Described<OutputOf<Operations[Id]>, OutputFields[Id]>>
