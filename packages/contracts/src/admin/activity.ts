import * as z from 'zod'
import { defineOperation } from '../operation.js'
import { exampleTime, read } from './common.js'
import { time } from './schemas.js'

const hours = z.coerce
  .number<number | string>('must be a number')
  .int('must be a whole number')
  .min(1, 'must be at least 1')
  .max(6, 'must be at most 6')
  .default(1)
  .describe('How far back, 1 to 6 hours')

/** How often one operation came out one way in one minute. */
const Activity = z.object({
  minute: time.describe('The beginning of the minute; RFC 3339, UTC'),
  operation: z.string(),
  outcome: z.string().describe('ok, or the reason of the refusal'),
  count: z.int(),
})

/** Counts of calls. */
export const adminActivityOperations = {
  'admin.activity.list': defineOperation({
    ...read,
    id: 'admin.activity.list',
    // a chart would draw itself
    counted: false,
    summary: 'Count calls by minute, operation and outcome',
    description:
      'Calls of the account in scope in the last hours, from the oldest minute on; what did not happen has no row, and this call itself is not counted. Counts are for people who look at charts: they reach the database some seconds late, and a process that dies takes its last ones along.',
    paths: ['/v1/admin/activity'],
    queryFields: ['hours'],
    input: z.strictObject({ hours }),
    output: z.object({ data: z.array(Activity) }),
    example: {
      input: {},
      output: { data: [{ minute: exampleTime, operation: 'visitor.guest', outcome: 'ok', count: 3 }] },
    },
  }),
} as const
