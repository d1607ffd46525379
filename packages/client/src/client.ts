import type { IdempotencyPolicy, InputOf, Operation, OperationId, Operations, OutputOf } from '@hallpass/contracts'
import { type Repeat, repeats } from '@hallpass/contracts/core'
import { type Call, createCall, type Procedure } from './call/create-call.js'
import type { CallOptions, ClientOptions } from './call/options.js'
import type { Answer } from './call/send.js'

/** The result of a call: the bare value when awaited, or with what its answer says beside it. */
export interface Result<T> extends Promise<T> {
  readonly withResponse: () => Promise<Answer<T>>
}

type Method<Id extends OperationId> = (
  input: InputOf<Operations[Id]>,
  options?: CallOptions,
) => Result<OutputOf<Operations[Id]>>

type RepeatOf<O extends Operation> = O['kind'] extends 'query'
  ? 'read'
  : O extends { readonly idempotency: IdempotencyPolicy }
    ? 'keyed'
    : Exclude<Repeat, 'read' | 'keyed'>

type Repeats = { readonly [Id in OperationId]: RepeatOf<Operations[Id]> }

type HeadOf<Path extends string> = Path extends `${infer Head}.${string}` ? Head : Path
type TailOf<Path extends string, Head extends string> = Path extends `${Head}.${infer Tail}` ? Tail : never

/** The methods under a prefix, nested at each dot of the operations' ids. */
type MethodsUnder<Path extends string, Prefix extends string> = {
  readonly [Head in HeadOf<Path>]: `${Prefix}${Head}` extends OperationId
    ? Method<`${Prefix}${Head}`>
    : MethodsUnder<TailOf<Path, Head>, `${Prefix}${Head}.`>
}

/** A method for every operation, in groups: `client.bridge.initialize(…)`. Each throws {@link HallpassClientError}. */
export type HallpassClient = MethodsUnder<OperationId, ''>

/**
 * A client with a method for every operation, over tRPC's encoding.
 * @example
 * const hallpass = createHallpassClient({ baseUrl: 'http://127.0.0.1:8787', apiKey: process.env.HALLPASS_API_KEY })
 * const { bridge_token } = await hallpass.bridge.initialize({ customer_id })
 */
export function createHallpassClient(options: ClientOptions): HallpassClient {
  const call = createCall(options)
  const client: Group = {}
  for (const [id, repeat] of Object.entries(repeats satisfies Repeats)) {
    const [name = '', ...groups] = id.split('.').reverse()
    const group = groups.reduceRight(groupIn, client)
    group[name] = methodOf(call, { id, repeat })
  }
  // nested as the type nests the same ids
  return client as unknown as HallpassClient
}

interface Group {
  [name: string]: Group | ((input: unknown, options?: CallOptions) => Result<unknown>)
}

/** A group of this name, made if it does not exist; no operation has the name of a group. */
function groupIn(group: Group, name: string): Group {
  group[name] ??= {}
  return group[name] as Group
}

function methodOf(call: Call, procedure: Procedure) {
  return (input: unknown, options?: CallOptions): Result<unknown> => {
    const answer = call(procedure, input, options)
    const value = answer.then(({ data }) => data)
    const withResponse = () => {
      // whoever asks for the answer is told of the failure there
      value.catch(() => {})
      return answer
    }
    return Object.assign(value, { withResponse })
  }
}
