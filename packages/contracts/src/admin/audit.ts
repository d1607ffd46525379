import * as z from 'zod'
import { defineOperation } from '../operation.js'
import { exampleId, exampleTime, paged, read } from './common.js'
import { pageOf, time } from './schemas.js'

/** One change, as it was asked for. */
export const AuditEntry = z.object({
  id: z.string(),
  at: time,
  operation: z.string().describe('The operation that made the change'),
  request_id: z.string().nullable().describe("The server's own id of the request; null on the server's host"),
  api_key_id: z.string().nullable().describe("The secret key that made the change; null on the server's host"),
  api_key_account_id: z.string().nullable().describe("The key's own account, which may be the parent of this one"),
  target_id: z.string().nullable().describe('What was changed'),
  changes: z.record(z.string(), z.unknown()).describe('What was asked for; secrets are never part of it'),
})
export type AuditEntry = z.infer<typeof AuditEntry>

const example: AuditEntry = {
  id: exampleId,
  at: exampleTime,
  operation: 'admin.clientKeys.update',
  request_id: exampleId,
  api_key_id: exampleId,
  api_key_account_id: '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11',
  target_id: exampleId,
  changes: { widget_enabled: false },
}

/** Who changed what. */
export const adminAuditOperations = {
  'admin.audit.list': defineOperation({
    ...read,
    ...paged,
    id: 'admin.audit.list',
    summary: 'List changes',
    description:
      'Who changed what in the account in scope by an operation of administration, the newest first, for 90 days. An entry is written together with its change, or neither is.',
    paths: ['/v1/admin/audit'],
    output: pageOf(AuditEntry),
    example: { input: {}, output: { data: [example] } },
  }),
} as const
