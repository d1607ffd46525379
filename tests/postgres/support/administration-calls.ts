import type { OperationId } from '@hallpass/contracts'
import { expect } from 'vitest'
import { hostKey } from '../../system/support/fixtures/host-key.js'
import { bearer } from '../../system/support/servers/in-process-server.js'
import type { Replicas } from './replicas.js'

/** A call of an administration operation over tRPC on one replica. */
export type Ask = (replica: number, operation: OperationId, input: object, key?: string) => Promise<CallResult>

export interface CallResult {
  readonly status: number
  /** The result or the refusal. */
  readonly body: unknown
}

/** Two concurrent calls of an operation, one on each replica. Both must take effect, and nothing may be lost. */
export interface Race {
  /** Creates what the calls change, separate from all other rounds. */
  readonly prepare: (ask: Ask) => Promise<{
    readonly one: object
    readonly other: object
    /** Checks the outcome of both calls. */
    readonly expectBoth: (responses: readonly [CallResult, CallResult]) => Promise<void>
  }>
}

export function askOn(replicas: Replicas): Ask {
  return async (replica, operation, input, key = hostKey) => {
    const response = await replicas.at(replica).trpc(operation, input, bearer(key))
    return { status: response.status, body: await response.json() }
  }
}

/** The result of a call that must succeed. */
export async function resultOf<T>(answer: Promise<CallResult> | CallResult): Promise<T> {
  const { status, body } = await answer
  expect(status, JSON.stringify(body)).toBe(200)
  // a tRPC result, whose type the caller names
  return (body as { result: { data: T } }).result.data
}

export const bothSucceed = async ([one, other]: readonly [CallResult, CallResult]) => {
  expect([one.status, other.status]).toEqual([200, 200])
}
export const oneSucceeds = ([one, other]: readonly [CallResult, CallResult]) =>
  expect([one.status, other.status].toSorted()).toEqual([200, 422])

/** Two calls that only add things, or that can both succeed. */
export const independent = (input: () => object): Race => ({
  prepare: async () => ({ one: input(), other: input(), expectBoth: bothSucceed }),
})
