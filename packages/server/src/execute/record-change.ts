import type { Operation } from '@hallpass/contracts'
import type { ChainedEntry } from '../store/queries/audit-chain.js'
import { auditChange } from './audit-change.js'
import type { SecretKeyContext } from './contexts.js'
import type { Services } from './services.js'

interface Run {
  readonly services: Services
  readonly operation: Operation
  readonly call: { readonly requestId: string }
  readonly recorded: ChainedEntry[]
}

/** Adds the changes of a call to the history of the account in scope. */
export function recorderOf(
  { services: { clock, auditSealer }, operation, call, recorded }: Run,
  { apiKey, account }: Pick<SecretKeyContext, 'apiKey' | 'account'>,
): SecretKeyContext['record'] {
  const by = { apiKey, requestId: call.requestId }
  return async (store, change) => {
    recorded.push(await auditChange({ clock, auditSealer, store }, { operation, by, accountId: account.id, ...change }))
  }
}

/** Call it once the transaction is committed. */
export function logRecorded({ services, recorded }: Pick<Run, 'services' | 'recorded'>): void {
  for (const entry of recorded) services.logAudit(entry)
}
