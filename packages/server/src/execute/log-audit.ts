import type { Logger } from 'pino'
import type { ChainedEntry } from '../store/queries/audit-chain.js'

/** Writes an entry of the history to the log, once it is committed. */
export type LogAudit = (entry: ChainedEntry) => void

/** One line an entry, whatever the log level is; nothing when the operator did not ask for it. */
export function createAuditLog(log: Pick<Logger, 'child'>, auditLog: 'off' | 'log'): LogAudit {
  if (auditLog === 'off') return () => {}
  const lines = log.child({}, { level: 'info' })
  return ({ key_id: _, changes, at, expires_at: __, ...entry }) =>
    lines.info({ audit: { ...entry, at: new Date(at).toISOString(), changes: JSON.parse(changes) } }, 'audit entry')
}
