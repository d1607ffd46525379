import * as z from 'zod'
import { defineOperation } from '../operation.js'
import { exampleId, exampleTime, paged, read } from './common.js'
import { pageOf, time } from './schemas.js'

/** One change, as requested. */
export const AuditEntry = z.object({
  id: z.string().describe('The id of this record'),
  at: time,
  operation: z.string().describe('The operation that made the change'),
  request_id: z
    .string()
    .nullable()
    .describe("The server's id of the request; null if the change was made on the server's host"),
  api_key_id: z
    .string()
    .nullable()
    .describe("The secret key that made the change; null if it was made on the server's host"),
  api_key_account_id: z.string().nullable().describe("The key's own account, which can be the parent of this one"),
  target_id: z.string().nullable().describe('The id of what was changed'),
  changes: z.record(z.string(), z.unknown()).describe('The requested values, without secrets'),
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

/** The audit log. */
export const adminAuditOperations = {
  'admin.audit.list': defineOperation({
    ...read,
    ...paged,
    id: 'admin.audit.list',
    summary: 'List changes',
    description:
      'Lists who changed what in the acting account through admin operations, newest first, for 90 days. An entry is written in the same transaction as its change.',
    paths: ['/v1/admin/audit'],
    output: pageOf(AuditEntry),
    example: { input: {}, output: { data: [example] } },
  }),
} as const
