import type { Operations, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import { systemClock } from '../clock.js'
import { pageOfAudit } from '../operations/admin/audit.js'
import { findRefusals, type HistoryDeps, pageOfRefusals } from '../operations/admin/refusals.js'
import { type AuditVerification, verifyAudit } from '../operations/admin/verify-audit.js'
import { type HostOptions, withDatabase } from './open-local.js'

type RefusalsList = Operations['admin.refusals.list']
type AuditList = Operations['admin.audit.list']

/** The audit log of this server, for all accounts and for the server itself. */
export const historyOnHost = {
  refusal: (options: HostOptions, requestId: string): Promise<OutputOf<Operations['admin.refusals.get']>> =>
    withHistory(options, (deps) => findRefusals(deps, 'everyone', requestId)),
  refusals: (options: HostOptions, page: ParsedInputOf<RefusalsList>): Promise<OutputOf<RefusalsList>> =>
    withHistory(options, (deps) => pageOfRefusals(deps, 'everyone', page)),
  audit: (options: HostOptions, page: ParsedInputOf<AuditList>): Promise<OutputOf<AuditList>> =>
    withHistory(options, (deps) => pageOfAudit(deps, 'everyone', page)),
  /** Verifies the chains of all entries. */
  verifyAudit: (options: HostOptions): Promise<AuditVerification> => withDatabase(options, verifyAudit),
}

function withHistory<T>(options: HostOptions, read: (deps: HistoryDeps) => Promise<T>): Promise<T> {
  return withDatabase(options, ({ store, keys }) => read({ clock: systemClock, store, keys }))
}
