import * as z from 'zod'
import { type Reason, reasons } from '../core/reasons.js'
import { defineOperation } from '../operation.js'
import { filledText } from '../scalars.js'
import { exampleId, exampleTime, paged, read } from './common.js'
import { pageOf, time } from './schemas.js'

// the keys of the table are the reasons
const reasonNames = Object.keys(reasons) as [Reason, ...Reason[]]

/** Why one call was refused: what the answer itself, being alike for everyone, does not say. */
export const Refusal = z.object({
  id: z.string(),
  request_id: z.string().describe("The server's own id of the request"),
  at: time,
  operation: z.string().nullable(),
  reason: z.enum(reasonNames),
  status: z.int(),
  rule: z.string().describe('What is demanded'),
  seen: z.string().nullable().describe('What came instead; never a token, a key or a secret'),
  fix: z.string().describe('What to do'),
  api_key_id: z.string().nullable(),
  client_key_id: z.string().nullable(),
})
export type Refusal = z.infer<typeof Refusal>

const example: Refusal = {
  id: exampleId,
  request_id: exampleId,
  at: exampleTime,
  operation: 'visitor.guest',
  reason: 'origin_not_allowed',
  status: 403,
  rule: 'The Origin must be on the allowlist of the client key.',
  seen: 'Origin https://shop.test; the allowlist holds https://shop.example',
  fix: 'Add https://shop.test to origin_allowlist of client key "site".',
  api_key_id: null,
  client_key_id: exampleId,
}

/** Refusals of the last 24 hours. */
export const adminRefusalsOperations = {
  'admin.refusals.get': defineOperation({
    ...read,
    id: 'admin.refusals.get',
    // whoever was refused for want of a scope must be able to ask why
    caller: { by: 'secret_key', scope: 'any' },
    refusals: read.refusals.filter((reason) => reason !== 'insufficient_scope'),
    summary: 'Ask why a request was refused',
    description:
      "Why requests with this id, the server's own or one that was sent as Request-Id, were refused in the last 24 hours: the newest 20, of the account in scope. Any secret key may ask. Of a flood of like refusals a sample is kept.",
    paths: ['/v1/admin/refusals/{request_id}'],
    pathFields: ['request_id'],
    input: z.strictObject({ request_id: filledText(200).describe('As the answer had it in Request-Id') }),
    output: z.object({ data: z.array(Refusal) }),
    example: { input: { request_id: exampleId }, output: { data: [example] } },
  }),
  'admin.refusals.list': defineOperation({
    ...read,
    ...paged,
    id: 'admin.refusals.list',
    summary: 'List refusals',
    description: 'Refusals of the last 24 hours, the newest first. Of a flood of like refusals a sample is kept.',
    paths: ['/v1/admin/refusals'],
    output: pageOf(Refusal),
    example: { input: {}, output: { data: [example] } },
  }),
} as const
