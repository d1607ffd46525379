import { type BackendOperation, type OutputOf, operations, type PageOperation } from '@hallpass/contracts'
import { requireProof } from '../dpop/require-proof.js'
import { step } from '../tracing/steps.js'
import {
  findAccountInScope,
  identifyBackend,
  requireEnabled,
  requireEnabledFor,
  requireScopeOf,
} from './authenticate.js'
import { checkThrough, verifyChecked } from './check-credential.js'
import { toHallpassError, unavailable } from './common-refusals.js'
import type { SecretKeyContext } from './contexts.js'
import { extend } from './extend.js'
import { credentialOf, identifyPage } from './identify-page.js'
import { asksForFault, injectFault, readFault } from './inject-fault.js'
import { observe } from './observe.js'
import type { Answer, Execute, Outcome } from './outcome.js'
import { parseInput, requireFields } from './parse-input.js'
import { type ChangeQueue, createChangeQueue, queuedStore } from './queue-changes.js'
import { clientKeyMeters, requireAllowance, secretKeyMeters } from './quotas.js'
import { RateLimited } from './rate-limited.js'
import { recorderOf } from './record-change.js'
import { readHeaders } from './request-headers.js'
import { requireAllowedOrigin } from './require-allowed-origin.js'
import { openRun, type Run } from './run.js'
import { runHandler, runOnce } from './run-handler.js'
import type { Bind, Services } from './services.js'
import { endCall } from './trace-call.js'

/** `bind` limits what a call waits for; without it, only the call as a whole is limited. */
export function createExecute(services: Services, bind: Bind = () => services): Execute {
  const queue = createChangeQueue()
  return async (id, call) => {
    const run = openRun(services, bind, operations[id], call)
    const outcome = await run.limit.settle(outcomeOf(run, queue), () => lateOutcome(run))
    observe(run, outcome)
    endCall(run, outcome)
    // the handler of an operation returns the operation's own output
    return outcome as Outcome<OutputOf<(typeof operations)[typeof id]>>
  }
}

async function outcomeOf(run: Run, queue: ChangeQueue): Promise<Outcome> {
  const { operation } = run
  try {
    const answer = await (operation.calledFrom === 'backend'
      ? executeForBackend(run, operation, queue)
      : executeForPage(run, operation))
    const { accountId, apiKeyId } = run.caller
    return { answer, allowance: run.allowance, accountId, apiKeyId }
  } catch (cause) {
    const error = toHallpassError(cause)
    const allowance = error instanceof RateLimited ? error.allowance : run.allowance
    return { error, allowance, accountId: run.caller.accountId }
  }
}

/**
 * Whatever a call waits for has its own limit below the deadline; this holds if they add up. The work isn't undone: what
 * it commits stays, and a repeat with the same idempotency key gets its answer.
 */
const lateOutcome = ({ allowance, caller }: Run): Outcome => ({
  error: unavailable({ cause: new Error('The call was given up at its deadline.') }),
  allowance,
  accountId: caller.accountId,
})

/** The steps of a backend's call. The limit comes before the scope, so that a refused call counts too. */
async function executeForBackend(run: Run, operation: BackendOperation, queue: ChangeQueue): Promise<Answer> {
  const { services, call } = run
  const check = checkThrough(services.failureGate, 'secret_key', call)
  const backend = { headers: call.headers, caller: operation.caller }
  const { apiKey, account: own } = await step(run, 'authenticate', () => identifyBackend(services, backend, check))
  run.caller = { accountId: own.id, apiKeyId: apiKey.id }
  run.allowance = await step(run, 'limit', () => services.consume(secretKeyMeters(apiKey, own)))
  requireEnabled(own)
  requireScopeOf({ apiKey }, operation.caller, call.input)
  const account = await findAccountInScope(services, own, call.headers)
  requireEnabledFor(operation, account)
  requireAllowance(run.allowance)
  const { idempotencyKey: key } = readHeaders(operation, call.headers)
  const fault = asksForFault(call.headers)
    ? await readFault(services, operation, call.headers, async () => account)
    : undefined
  const raw = call.input()
  requireFields(operation, raw)
  const input = parseInput(operation, raw)
  run.isRead = true
  const record = recorderOf(run, { apiKey, account })
  const faulty = fault ? await injectFault(services, fault, run) : services
  const store = operation.audited === 'never' ? faulty.store : queuedStore(faulty.store, queue, account.id)
  const context: SecretKeyContext = extend(faulty, { store, apiKey, account, record })
  const { idempotency: policy } = operation
  return policy && key !== undefined
    ? step(run, 'idempotency', () => runOnce(run, context, { operation, input, key, policy }))
    : step(run, 'handler', () => runHandler(run, context, input))
}

/** Required fields, credential, limit, Origin, headers, the rest of the input, proof of the key, handler. */
async function executeForPage(run: Run, operation: PageOperation): Promise<Answer> {
  const { call } = run
  const { headers } = call
  const check = checkThrough(run.services.failureGate, 'visitor_token', call)
  const services: Services = extend(run.services, { verify: verifyChecked(run.services, check) })
  const raw = requireFields(operation, call.input())
  const { by, text: credential } = credentialOf(operation, raw)
  if (by !== operation.caller.by) run.spends = null
  // a response that anyone may cache can also come from the last known client key
  const evenStale = operation.cacheSeconds !== undefined
  const {
    clientKey: found,
    visitor,
    refresh,
  } = await step(run, 'authenticate', () => identifyPage[by](services, { text: credential, check, evenStale }))
  if (found) run.caller = { accountId: found.accountId, clientKeyId: found.id }
  const allowance = await step(run, 'limit', () => services.consume(clientKeyMeters(operation, found, call.address)))
  const page = { headers, credential, raw, isOriginRequired: by === 'client_key', refresh }
  const { clientKey, origin } = requireAllowedOrigin(services, found, page)
  // not earlier, because the state of a quota would reveal whether a client key exists
  run.allowance = allowance
  requireAllowance(allowance)
  readHeaders(operation, headers)
  const fault = asksForFault(headers)
    ? await readFault(services, operation, headers, () => services.store.findAccount(clientKey.accountId))
    : undefined
  const input = parseInput(operation, raw)
  const faulty = fault ? await injectFault(services, fault, run) : services
  // without binding, there is no call to wait for
  const isBound = clientKey.bind !== 'off' || refresh?.jkt !== undefined
  const jkt = isBound ? await requireProof(services, { operation, call, clientKey, bound: refresh?.jkt }) : undefined
  const context = extend(faulty, { visitor, refresh, clientKey, origin, jkt })
  return step(run, 'handler', () => runHandler(run, context, input))
}
