import type { InputOf, OperationId, Operations, OutputOf } from '@hallpass/contracts'
import type { CallOptions } from './call/options.js'
import type { Answer } from './call/send.js'
import type { KindMintInput, KindPageTokenInput, KindRedeemed, KindRedeemInput } from './declared-kinds.js'
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
export type Method<Id extends OperationId> = Id extends keyof KindMethods
  ? KindMethods[Id]
  : (
      input: Described<InputOf<Operations[Id]>, InputFields[Id]>,
      options?: CallOptions,
    ) => Result<Described<OutputOf<Operations[Id]>, OutputFields[Id]>>

type Minted<Kind extends string> = Described<OutputOf<Operations['kinds.mint']>, OutputFields['kinds.mint']> & {
  readonly kind: Kind
}

type PageToken = Described<OutputOf<Operations['kinds.pageToken']>, OutputFields['kinds.pageToken']>

/** The methods whose types depend on the declared kind that they are called for. */
interface KindMethods {
  readonly 'kinds.mint': <Kind extends string>(
    input: KindMintInput<Kind>,
    options?: CallOptions,
  ) => Result<Minted<Kind>>
  readonly 'kinds.pageToken': <Kind extends string>(
    input: KindPageTokenInput<Kind>,
    options?: CallOptions,
  ) => Result<PageToken & { readonly kind: Kind }>
  readonly 'kinds.redeem': <Kind extends string>(
    input: KindRedeemInput<Kind>,
    options?: CallOptions,
  ) => Result<KindRedeemed<Kind>>
}
