import * as z from 'zod'
import { defineOperation } from '../operation.js'
import { exampleAccount, exampleId, exampleTime, read } from './common.js'
import { AdminAccount, AdminApiKey } from './schemas.js'

const CallingKey = AdminApiKey.pick({ id: true, name: true, scopes: true, hint: true, expires_at: true })

/** The calling key and the account that it acts on. */
export const adminCallerOperations = {
  'admin.caller.get': defineOperation({
    ...read,
    id: 'admin.caller.get',
    caller: { by: 'secret_key', scope: 'any' },
    refusals: read.refusals.filter((reason) => reason !== 'insufficient_scope'),
    summary: 'Show the calling key and its account',
    description:
      'Returns the secret key that makes this call, with its scopes, and the acting account. Every secret key can call it.',
    paths: ['/v1/admin/caller'],
    input: z.strictObject({}),
    output: z.object({
      api_key: CallingKey.describe('The secret key that makes this call'),
      account: AdminAccount.describe('The acting account'),
    }),
    example: {
      input: {},
      output: {
        api_key: {
          id: exampleId,
          name: 'backend',
          scopes: ['admin:read'],
          hint: 'sk_test_3kF9…x7Qz',
          expires_at: exampleTime,
        },
        account: exampleAccount,
      },
    },
  }),
} as const
