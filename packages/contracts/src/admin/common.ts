import * as z from 'zod'
import { secretKeyReasons } from '../core/reasons.js'
import { adminIdempotency, secretIdempotency } from '../idempotency.js'
import { PageInput } from './schemas.js'

const common = {
  calledFrom: 'backend',
  caller: { by: 'secret_key', scope: 'admin' },
  mints: null,
  spends: null,
  counted: true,
  priority: 'normal',
  dialect: 'code',
  refusals: [
    ...secretKeyReasons,
    'invalid_path_parameter',
    'invalid_query_parameter',
    'state_conflict',
    'idempotency_invalid_reuse',
    'idempotency_concurrent_use',
  ],
} as const

/** A read: GET, with all fields in the path and the query. */
export const read = {
  ...common,
  caller: { by: 'secret_key', scope: 'admin:read' },
  kind: 'query',
  audited: 'refusals',
  methods: ['GET'],
  body: 'ignored',
} as const
/** A write: POST. */
export const plainWrite = { ...common, kind: 'mutation', audited: 'changes', methods: ['POST'], body: 'json' } as const
/** A write that runs once for each Idempotency-Key. */
export const write = { ...plainWrite, idempotency: adminIdempotency } as const
/** A write whose response contains a new secret. */
export const secretWrite = { ...plainWrite, idempotency: secretIdempotency } as const
/** Signing keys belong to the server, not to an account, so only a key with the scope `host` can manage them. */
export const hostOnly = { caller: { by: 'secret_key', scope: 'host' } } as const
export const paged = { queryFields: ['cursor', 'limit'], input: z.strictObject(PageInput) } as const

/** Values shared by the examples. */
export const exampleTime = '2026-11-21T08:00:00.000Z'
export const exampleId = '01a1fd3a-c62d-7ea6-8b6d-a97e08d21893'
export const exampleAccount = {
  id: exampleId,
  name: 'Acme Kids',
  tenant: '2_4',
  environment: 'sandbox',
  parent_id: null,
  disabled: false,
  rate_limit: { requests_per_second: 100, requests_per_second_per_key: 0 },
}
export const listExample = (item: object) => ({ input: {}, output: { data: [item] } })
