import type { IdempotencyPolicy, Operation, OperationId, Operations } from '@hallpass/contracts'
import { type Repeat, repeats } from '@hallpass/contracts/core'
import { type Call, createCall, type Procedure } from './call/create-call.js'
import type { CallOptions, ClientOptions } from './call/options.js'
import type { Result } from './method.js'
import type { HallpassClient } from './methods.js'

type RepeatOf<O extends Operation> = O['kind'] extends 'query'
  ? 'read'
  : O extends { readonly idempotency: IdempotencyPolicy }
    ? 'keyed'
    : Exclude<Repeat, 'read' | 'keyed'>

type Repeats = { readonly [Id in OperationId]: RepeatOf<Operations[Id]> }

/**
 * Creates a client with a method for every operation.
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
  // the type is made from the same ids
  return client as unknown as HallpassClient
}

interface Group {
  [name: string]: Group | ((input: unknown, options?: CallOptions) => Result<unknown>)
}

/** Finds or creates a group. No operation has the same name as a group. */
function groupIn(group: Group, name: string): Group {
  group[name] ??= {}
  return group[name] as Group
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
