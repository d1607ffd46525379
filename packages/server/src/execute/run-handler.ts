import type { BackendOperation, IdempotencyPolicy } from '@hallpass/contracts'
import { atMostOnce } from '../idempotency/at-most-once.js'
import { isoTime } from '../iso-time.js'
import { step } from '../tracing/steps.js'
import { tellIn } from '../webhooks/tell.js'
import type { SecretKeyContext } from './contexts.js'
import { extend } from './extend.js'
import { holdCaller } from './hold-caller.js'
import type { Answer } from './outcome.js'
import { logRecorded } from './record-change.js'
import { recordReplay } from './record-replay.js'
import { handlerOf, type Run } from './run.js'
import type { Services } from './services.js'
import { type ChangeId, factsOfChange } from './tell-change.js'

/** Runs the handler of a call. An administrative change and its audit entry are committed together. */
export async function runHandler(run: Run, context: Services, input: unknown): Promise<Answer> {
  const handler = handlerOf(run.operation)
  // few handlers have all steps, and each that is awaited takes a turn of the microtask queue
  if (handler.check) await handler.check(context, input)
  if (handler.beforeTransaction) await handler.beforeTransaction(context, input)
  const value =
    run.operation.audited === 'changes'
      ? await context.store.transaction((store) => decide(run, extend(context, { store }), input))
      : await handler.run(context, input)
  logRecorded(run)
  if (handler.afterCommit) await handler.afterCommit(context, input)
  return { ...stamp(run, value), replayed: false }
}

/** A call that carries an idempotency key. */
interface KeyedCall {
  readonly operation: BackendOperation
  readonly input: unknown
  readonly key: string
  readonly policy: IdempotencyPolicy
}

/** Runs the handler once for an idempotency key. A repeat gets the remembered response. */
export async function runOnce(
  run: Run,
  context: SecretKeyContext,
  { operation, input, ...keyed }: KeyedCall,
): Promise<Answer> {
  const handler = handlerOf(operation)
  const { answer, replayed } = await atMostOnce(
    context,
    {
      ...keyed,
      input,
      apiKey: context.apiKey,
      account: context.account,
      operation: operation.id,
      dialect: operation.dialect,
    },
    {
      check: async (store) => handler.check?.(extend(context, { store }), input),
      beforeTransaction: handler.beforeTransaction && (async () => handler.beforeTransaction?.(context, input)),
      run: async (store) =>
        stamp(run, await step(run, 'handler', () => decide(run, extend(context, { store }), input))),
    },
  )
  // showing a secret again leaves an audit entry
  if (replayed && keyed.policy.sameKeyOnly) await recordReplay(context, operation, { input, value: answer.value })
  logRecorded(run)
  if (!replayed) await handler.afterCommit?.(context, input)
  return { ...answer, replayed }
}

/** Runs the handler and, for an administrative operation, writes its audit entry, in the context's transaction. */
async function decide({ operation }: Run, context: Services, input: unknown): Promise<unknown> {
  const { run, alsoRecorded } = handlerOf(operation)
  if (operation.audited !== 'changes') return run(context, input)
  // administrative operations are called with a secret key, their inputs are objects, and they state what they tell
  const held = await holdCaller(context as SecretKeyContext, operation, input)
  const value = await run(held, input)
  const written = { ...(input as Readonly<Record<string, unknown>>), ...alsoRecorded?.(input) }
  await held.record(held.store, { input: written, value })
  await tellIn(held, held.account.id, factsOfChange(operation.id as ChangeId, input, value))
  return value
}

const stamp = ({ call, services }: Run, value: unknown): Omit<Answer, 'replayed'> => ({
  value,
  requestId: call.requestId,
  answeredAt: isoTime(services.clock.now()),
})
