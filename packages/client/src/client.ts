import type { IdempotencyPolicy, Operation, OperationId, Operations } from '@hallpass/contracts'
import { type Repeat, type RepeatTree, repeats } from '@hallpass/contracts/core'
import { type Call, createCall, type Procedure } from './call/create-call.js'
import type { CallOptions, ClientOptions } from './call/options.js'
import type { Result } from './method.js'
import type { HallpassClient } from './methods.js'

type RepeatOf<O extends Operation> = O['kind'] extends 'query'
  ? 'read'
  : O extends { readonly idempotency: IdempotencyPolicy }
    ? 'keyed'
    : Exclude<Repeat, 'read' | 'keyed'>

type HeadOf<Path> = Path extends `${infer Head}.${string}` ? Head : Path
type TailOf<Path, Head extends string> = Path extends `${Head}.${infer Tail}` ? Tail : never

/** What `repeats` has to be, according to the operations. */
type Repeats<Path extends string = OperationId, Group extends string = ''> = {
  readonly [Head in HeadOf<Path> & string]: Head extends Path
    ? RepeatOf<Operations[`${Group}${Head}` & OperationId]>
    : Repeats<TailOf<Path, Head>, `${Group}${Head}.`>
}

/**
 * Creates a client with a method for every operation.
 * @example
 * const hallpass = createHallpassClient({ baseUrl: 'http://127.0.0.1:8787', apiKey: process.env.HALLPASS_API_KEY })
 * const { bridge_token } = await hallpass.bridge.initialize({ customer_id })
 */
export function createHallpassClient(options: ClientOptions): HallpassClient {
  const call = createCall(options)
  const groupOf = (tree: RepeatTree, path: string): Group => {
    const group: Group = {}
    for (const name in tree) {
      const repeat = tree[name] as Repeat | RepeatTree
      const id = path + name
      group[name] = typeof repeat === 'string' ? methodOf(call, { id, repeat }) : groupOf(repeat, `${id}.`)
    }
    return group
  }
  // the type is made from the same ids
  return groupOf(repeats satisfies Repeats, '') as unknown as HallpassClient
}

interface Group {
  [name: string]: Group | ((input: unknown, options?: CallOptions) => Result<unknown>)
}

function methodOf(call: Call, procedure: Procedure) {
  return (input: unknown, options?: CallOptions): Result<unknown> => {
    const answer = call(procedure, input, options)
    const value = answer.then(({ data }) => data)
    const withResponse = () => {
      // the caller handles the rejection of `answer` instead
      value.catch(() => {})
      return answer
    }
    return Object.assign(value, { withResponse })
  }
}
