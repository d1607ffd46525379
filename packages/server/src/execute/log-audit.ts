import type { Logger } from 'pino'
import type { ChainedEntry } from '../store/queries/audit-chain.js'

/** Writes an audit entry to the log, once it is committed. */
export type LogAudit = (entry: ChainedEntry) => void

/** One line for each entry, whatever the log level is. Nothing if the operator didn't ask for it. */
export function createAuditLog(log: Pick<Logger, 'child'>, auditLog: 'off' | 'log'): LogAudit {
  if (auditLog === 'off') return () => {}
  const lines = log.child({}, { level: 'info' })
  return ({ key_id: _, changes, at, expires_at: __, ...entry }) =>
    lines.info({ audit: { ...entry, at: new Date(at).toISOString(), changes: JSON.parse(changes) } }, 'Audit entry')
}
