import { expect, test } from 'vitest'
import type { ChainedEntry } from '../store/queries/audit-chain.js'
import { createAuditLog } from './log-audit.js'

test.each([
  ['off', 0],
  ['log', 1],
] as const)('an audit entry with --audit-log %s gives %i lines', (auditLog, lines) => {
  const written: unknown[] = []
  const child = () => ({ info: (...line: unknown[]) => void written.push(line) })
  // pino's logger has many members that an audit log doesn't use
  const log = { child } as unknown as Parameters<typeof createAuditLog>[0]
  createAuditLog(log, auditLog)({ at: 0, changes: '{}' } as ChainedEntry)
  expect(written).toHaveLength(lines)
})
