import * as z from 'zod'
import { defineOperation } from '../operation.js'
import { exampleTime, read } from './common.js'
import { listOf, time } from './schemas.js'

const hours = z.coerce
  .number<number | string>('must be a number')
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(6, 'must be at most 6')
  .default(1)
  .describe('How many hours to look back, 1 to 6')

/** The number of calls of one operation with one outcome in one minute. */
const Activity = z.object({
  minute: time.describe('The start of the minute; RFC 3339, UTC'),
  operation: z.string().describe('The operation that was called'),
  outcome: z.string().describe('ok, or the reason for the refusal'),
  count: z.int().describe('How many calls'),
})

/** Call counts. */
export const adminActivityOperations = {
  'admin.activity.list': defineOperation({
    ...read,
    id: 'admin.activity.list',
    // a chart would draw itself
    counted: false,
    summary: 'Count calls by minute, operation and outcome',
    description:
      'Counts the calls of the acting account in the last hours, oldest minute first. Only counts above zero have a row, and this call itself is not counted. Use the counts for charts, not for billing: they reach the database a few seconds late, and a server that crashes loses its last ones.',
    paths: ['/v1/admin/activity'],
    queryFields: ['hours'],
    input: z.strictObject({ hours }),
    output: listOf(Activity),
    example: {
      input: {},
      output: { data: [{ minute: exampleTime, operation: 'visitor.guest', outcome: 'ok', count: 3 }] },
    },
  }),
} as const
