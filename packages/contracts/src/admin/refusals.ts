import * as z from 'zod'
import { type Reason, reasons } from '../core/reasons.js'
import { defineOperation } from '../operation.js'
import { filledText } from '../scalars.js'
import { exampleId, exampleTime, paged, read } from './common.js'
import { listOf, pageOf, time } from './schemas.js'

// Object.keys returns string[], but the keys of this table are exactly the reasons
const reasonNames = Object.keys(reasons) as [Reason, ...Reason[]]

/** Why one request was refused, in more detail than its response, which is deliberately vague. */
export const Refusal = z.object({
  id: z.string().describe('The id of this record'),
  request_id: z.string().describe("The server's id of the request"),
  trace_id: z.string().nullable().describe('The trace that the request belonged to; null if there was none'),
  at: time,
  operation: z.string().nullable().describe('The operation that was called; null if the path has none'),
  reason: z.enum(reasonNames).describe('The reason in the response'),
  status: z.int().describe('The HTTP status of the response'),
  rule: z.string().describe('Expected: the rule that the request broke'),
  seen: z.string().nullable().describe('Received: what the request contained, without tokens, keys and secrets'),
  fix: z.string().describe('How to fix it'),
  api_key_id: z.string().nullable().describe('The secret key of the call'),
  client_key_id: z.string().nullable().describe('The client key of the call'),
})
export type Refusal = z.infer<typeof Refusal>

const example: Refusal = {
  id: exampleId,
  request_id: exampleId,
  trace_id: null,
  at: exampleTime,
  operation: 'visitor.guest',
  reason: 'origin_not_allowed',
  status: 403,
  rule: 'The Origin must be on the allowlist of the client key.',
  seen: 'Origin https://shop.test; the allowlist contains https://shop.example',
  fix: 'Add https://shop.test to origin_allowlist of client key "site".',
  api_key_id: null,
  client_key_id: exampleId,
}

/** Refusals of the last 24 hours. */
export const adminRefusalsOperations = {
  'admin.refusals.get': defineOperation({
    ...read,
    id: 'admin.refusals.get',
    // a caller without the required scope must be able to look up why it was refused
    caller: { by: 'secret_key', scope: 'any' },
    refusals: read.refusals.filter((reason) => reason !== 'insufficient_scope'),
    summary: 'Show why a request was refused',
    description:
      'Lists the newest 20 refusals with this request id, either assigned by the server or sent as Request-Id, in the acting account in the last 24 hours. Any secret key can call this. Repeated refusals are sampled.',
    paths: ['/v1/admin/refusals/{request_id}'],
    pathFields: ['request_id'],
    input: z.strictObject({ request_id: filledText(200).describe('The Request-Id header of the response') }),
    output: listOf(Refusal),
    example: { input: { request_id: exampleId }, output: { data: [example] } },
  }),
  'admin.refusals.list': defineOperation({
    ...read,
    ...paged,
    id: 'admin.refusals.list',
    summary: 'List refusals',
    description: 'Lists the refusals of the last 24 hours, newest first. Repeated refusals are sampled.',
    paths: ['/v1/admin/refusals'],
    output: pageOf(Refusal),
    example: { input: {}, output: { data: [example] } },
  }),
} as const
