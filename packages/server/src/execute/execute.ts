import type { IdempotencyPolicy, Operation, OperationId, OutputOf, Reason, SandboxFault } from '@hallpass/contracts'
import { operations, requestHeaders } from '@hallpass/contracts'
import type { HallpassError } from '../errors.js'
import { atMostOnce } from '../idempotency/at-most-once.js'
import type { Allowance } from '../limits/allowance.js'
import type { ChainedEntry } from '../store/audit-chain.js'
import { actOutFault, readSandboxFault, requireSandbox } from './act-out-fault.js'
import { isAudited, recordsChanges } from './audit-change.js'
import { noteRefusedAdministration } from './audit-refusals.js'
import {
  type Admission,
  admitPage,
  admitRefresh,
  admitVisitor,
  authenticateSecretKey,
  findAccountInScope,
  requireScope,
} from './authenticate.js'
import type { Call } from './call.js'
import { type CheckCredential, checkThrough, verifyChecked } from './check-credential.js'
import { toHallpassError } from './common-refusals.js'
import type { SecretKeyContext } from './contexts.js'
import { handlers } from './handlers.js'
import { holdCaller } from './hold-caller.js'
import { parseInput, requireFields } from './parse-input.js'
import { type ChangeQueue, createChangeQueue, queuedStore } from './queue-changes.js'
import { clientKeyMeters, requireAllowance, secretKeyMeters } from './quotas.js'
import { logRecorded, recorderOf } from './record-change.js'
import { recordReplay } from './record-replay.js'
import { readHeaders } from './request-headers.js'
import type { Rule } from './rule.js'
import type { Services } from './services.js'

/** A success, with what a door may have to say about it. */
export interface Answer<O = unknown> {
  readonly value: O
  /** The id and time of the request that was answered first; a repeat has those of the original. */
  readonly requestId: string
  /** RFC 3339, UTC. */
  readonly answeredAt: string
  readonly replayed: boolean
}

/** What came of a call, and how the caller's quota stands, where there is one. */
export type Outcome<O = unknown> = ({ readonly answer: Answer<O> } | { readonly error: HallpassError }) & {
  readonly allowance: Allowance | undefined
}

/** Executes one call: who asks, may they, how often, parse, at most once, handle. The only place that does. */
export type Execute = <Id extends OperationId>(
  id: Id,
  call: Call,
) => Promise<Outcome<OutputOf<(typeof operations)[Id]>>>

/** A rule with its types forgotten: what it needs is what the caller's kind gives, which {@link handlers} has checked. */
type AnyRule = Rule<unknown, unknown, unknown>

/** The state of one call while it goes through the steps. */
interface Run {
  readonly services: Services
  readonly queue: ChangeQueue
  readonly operation: Operation
  readonly call: Call
  allowance: Allowance | undefined
  readonly check: CheckCredential
  /** Who calls, as soon as that is known; what is not answered is kept for them. */
  readonly caller: { accountId?: string; apiKeyId?: string; clientKeyId?: string }
  /** What was added to the history, to be logged once it is committed. */
  readonly recorded: ChainedEntry[]
  /** Its input was read; what refuses it from then on is its handler. */
  isRead: boolean
}

export function createExecute(services: Services): Execute {
  const queue = createChangeQueue()
  return async (id, call) => {
    const run = openRun({ services, queue }, operations[id], call)
    try {
      const answer = await (run.operation.caller.by === 'secret_key' ? executeForBackend(run) : executeForPage(run))
      countOutcome(run, 'ok')
      return { answer: answer as Answer<OutputOf<(typeof operations)[typeof id]>>, allowance: run.allowance }
    } catch (error) {
      const refusal = toHallpassError(error)
      noteRefusal(run, refusal)
      countOutcome(run, refusal.reason)
      return { error: refusal, allowance: run.allowance }
    }
  }
}

function openRun({ services, queue }: Pick<Run, 'services' | 'queue'>, operation: Operation, call: Call): Run {
  const isBackend = operation.caller.by === 'secret_key'
  const check = checkThrough(services.failureGate, isBackend ? 'secret_key' : 'visitor_token', call, (refused) => {
    run.allowance = refused
  })
  // a backend that sends forged tokens of others is known: its calls count towards its own limit
  const guarded = isBackend ? services : { ...services, verify: verifyChecked(services, check) }
  const begun = { allowance: undefined, caller: {}, recorded: [], isRead: false }
  const run: Run = { services: guarded, queue, operation, call, check, ...begun }
  return run
}

/** Credential, scope, acting account, limit, headers, input, idempotency, rule. A refused call counts towards the limit. */
async function executeForBackend(run: Run): Promise<Answer> {
  const { services, operation, call } = run
  const { apiKey, account: own } = await authenticateSecretKey(services, call.headers, run.check)
  Object.assign(run.caller, { accountId: own.id, apiKeyId: apiKey.id })
  run.allowance = await services.limit(secretKeyMeters(apiKey, own))
  if (operation.caller.by === 'secret_key') requireScope({ apiKey }, operation.caller.scope)
  const account = await findAccountInScope(services, own, call.headers)
  requireAllowance(run.allowance)
  const { idempotencyKey } = readHeaders(operation, call.headers)
  const fault = readSandboxFault(operation, call.headers)
  if (fault) requireSandbox(account)
  const raw = call.input()
  requireFields(operation, raw)
  const input = parseInput(operation, raw)
  run.isRead = true
  const record = recorderOf(run, { apiKey, account })
  const acting = await actOut(run, fault)
  const store = recordsChanges(operation) ? queuedStore(acting.store, run.queue, account.id) : acting.store
  const context: SecretKeyContext = { ...acting, store, apiKey, account, record }
  if (operation.idempotency && idempotencyKey !== undefined) {
    return executeOnce(run, context, { input, key: idempotencyKey, policy: operation.idempotency })
  }
  return { ...(await handle(run, context, input)), replayed: false }
}

/** Required fields, client key and Origin, limit, headers, the rest of the input, rule. */
async function executeForPage(run: Run): Promise<Answer> {
  const { services, operation, call } = run
  const raw = requireFields(operation, call.input())
  let allowance: Allowance | undefined
  const admitted = await admit(run, raw, async (clientKey) => {
    if (clientKey) Object.assign(run.caller, { accountId: clientKey.accountId, clientKeyId: clientKey.id })
    allowance = await services.limit(clientKeyMeters(operation, clientKey, call.address))
  })
  // only now: how a quota stands would tell a known client key from an unknown one
  run.allowance = allowance
  requireAllowance(allowance)
  readHeaders(operation, call.headers)
  const fault = readSandboxFault(operation, call.headers)
  if (fault) requireSandbox(await services.store.findAccount(admitted.clientKey.accountId))
  const input = parseInput(operation, raw)
  return { ...(await handle(run, { ...(await actOut(run, fault)), ...admitted }, input)), replayed: false }
}

/** The services for the rest of the call; a fault that refuses shows in the quota too, as the real refusal would. */
async function actOut(run: Run, fault: SandboxFault | undefined): Promise<Services> {
  if (!fault) return run.services
  if (fault.kind === 'rate_limited' && run.allowance) {
    run.allowance = { ...run.allowance, allowed: false, remaining: 0, resetSeconds: 1 }
  }
  return actOutFault(run.services, ruleOf(run.operation), fault)
}

function admit({ services, operation, call, check }: Run, raw: Record<string, unknown>, onFound: Admission['onFound']) {
  const names = operation.required?.[0] ?? []
  const credential = names.map((name) => raw[name]).find((value) => typeof value === 'string' && value !== '')
  // what anyone may cache, we may too
  const evenStale = operation.cacheSeconds !== undefined
  const { headers } = call
  const admission = { services, headers, credential: String(credential), raw, check, evenStale, onFound }
  const { by } = operation.caller
  if (by === 'client_key') return admitPage(admission)
  return by === 'visitor_token' ? admitVisitor(admission) : admitRefresh(admission)
}

async function executeOnce(
  run: Run,
  context: SecretKeyContext,
  keyed: { readonly input: unknown; readonly key: string; readonly policy: IdempotencyPolicy },
): Promise<Answer> {
  const { operation, services } = run
  const rule = ruleOf(operation)
  const { answer, replayed } = await atMostOnce(
    { ...services, store: context.store },
    { ...keyed, apiKey: context.apiKey, account: context.account, operation: operation.id },
    {
      check: async () => rule.check?.(context, keyed.input),
      announce: async () => rule.announce?.(context, keyed.input),
      act: async (store) => stamp(run, await act(run, { ...context, store }, keyed.input)),
    },
  )
  // a secret that is shown again is not shown in silence
  if (replayed && keyed.policy.sameKeyOnly)
    await recordReplay(context, operation, { input: keyed.input, value: answer.value })
  logRecorded(run)
  if (!replayed) await rule.after?.(context, keyed.input)
  return { ...answer, replayed }
}

/** The table's key is the operation's id. */
const ruleOf = ({ id }: Operation) => handlers[id as OperationId] as AnyRule

async function handle(run: Run, context: Services, input: unknown): Promise<Omit<Answer, 'replayed'>> {
  const rule = ruleOf(run.operation)
  await rule.check?.(context, input)
  await rule.announce?.(context, input)
  const value = isAudited(run.operation)
    ? await context.store.transaction((store) => act(run, { ...context, store }, input))
    : await rule.act(context, input)
  logRecorded(run)
  await rule.after?.(context, input)
  return stamp(run, value)
}

/** What the rule does, and for administration its entry in the history, within the context's transaction. */
async function act({ operation }: Run, context: Services, input: unknown): Promise<unknown> {
  const { act, alsoRecorded } = ruleOf(operation)
  if (!isAudited(operation)) return act(context, input)
  // administration is called with a secret key, and its inputs are objects
  const held = await holdCaller(context as SecretKeyContext, operation)
  const value = await act(held, input)
  const written = { ...(input as Readonly<Record<string, unknown>>), ...alsoRecorded?.(input) }
  await held.record(held.store, { input: written, value })
  return value
}

function stamp({ call, services }: Run, value: unknown): Omit<Answer, 'replayed'> {
  return { value, requestId: call.requestId, answeredAt: new Date(services.clock.now()).toISOString() }
}

/** Counted for whoever calls, if that is known. Asking for the counts is not counted: a chart would draw itself. */
function countOutcome({ services, operation, caller }: Run, outcome: 'ok' | Reason): void {
  if (caller.accountId === undefined || operation.id === 'admin.activity.list') return
  services.activity.count({ accountId: caller.accountId, operation: operation.id, outcome })
}

function noteRefusal({ services, operation, call, caller, isRead }: Run, error: HallpassError): void {
  const { requestId, input, headers } = call
  noteRefusedAdministration(services.refusalAuditor, { operation, caller, error, isRead, requestId })
  services.refusals.note({
    error,
    requestId,
    sentId: headers.get(requestHeaders.requestId.toLowerCase()),
    operation: operation.id,
    accountId: caller.accountId,
    apiKeyId: caller.apiKeyId,
    clientKeyId: caller.clientKeyId,
    input,
  })
}
