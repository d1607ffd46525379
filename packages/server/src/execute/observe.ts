import { requestHeaders } from '@hallpass/contracts'
import type { HallpassError } from '../errors.js'
import { noteRefusedAdministration } from './audit-refusals.js'
import type { Outcome } from './outcome.js'
import type { Run } from './run.js'

/** Reports the outcome of a call to the metrics, the account's activity, and the refusal log. */
export function observe(run: Run, outcome: Outcome): void {
  const { services, operation, call, begunAt, spends } = run
  const seconds = (performance.now() - begunAt) / 1000
  services.metrics.countCall({ operation, spends, transport: call.transport, outcome, seconds })
  countActivity(run, outcome)
  if ('error' in outcome) noteRefusal(run, outcome.error)
}

/** Counted for the calling account, once it is known. */
function countActivity({ services, operation, caller }: Run, outcome: Outcome): void {
  if (caller.accountId === undefined || !operation.counted) return
  services.activity.count({
    accountId: caller.accountId,
    operation: operation.id,
    outcome: 'error' in outcome ? outcome.error.publicReason : 'ok',
  })
}

function noteRefusal({ services, operation, call, caller, isRead }: Run, error: HallpassError): void {
  const { requestId, input, headers } = call
  noteRefusedAdministration(services.refusalAuditor, { operation, caller, error, isRead, requestId })
  services.refusals.note({
    error,
    requestId,
    sentId: headers.get(requestHeaders.requestId.toLowerCase()),
    traceId: call.trace?.id,
    operation: operation.id,
    accountId: caller.accountId,
    apiKeyId: caller.apiKeyId,
    clientKeyId: caller.clientKeyId,
    input,
  })
}
