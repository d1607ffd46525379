import * as z from 'zod'
import { sandboxOutcomes } from './core/enums.js'
import { secretKeyReasons } from './core/reasons.js'
import { bridgeIdempotency } from './idempotency.js'
import { defineOperation } from './operation.js'
import { text, uuid } from './scalars.js'

export const BridgeInitializeInput = z.strictObject({
  customer_id: uuid.describe('The unique identifier of the customer to create a bridge token for.'),
  config: z
    .strictObject({
      processing_method: z
        .enum(['inline', 'background', 'skip'])
        .default('inline')
        .describe('Whether the widget waits for the processing of the paykey, does not wait, or skips it'),
      sandbox_outcome: z
        .enum(sandboxOutcomes)
        .optional()
        .describe('The outcome that the sandbox simulates; rejected in production'),
    })
    .prefault({})
    .describe('How the paykey is processed. sandbox_outcome (standard by default) is rejected in production.'),
  external_id: text(255)
    .nullish()
    .describe('Unique identifier for the paykey in your database, used for cross-referencing.'),
})

const BridgeToken = z.object({ bridge_token: z.string().describe('JWT to use in the bridge widget.') })

export const bridgeInitialize = defineOperation({
  id: 'bridge.initialize',
  kind: 'mutation',
  summary: 'Create a Widget session token',
  description: 'Use this endpoint to generate a session token for use in the Bridge widget.',
  methods: ['POST'],
  paths: ['/v1/bridge/initialize'],
  body: 'json',
  calledFrom: 'backend',
  caller: { by: 'secret_key', scope: 'bridge:write' },
  mints: 'bridge',
  spends: null,
  audited: 'never',
  counted: true,
  priority: 'normal',
  input: BridgeInitializeInput,
  output: BridgeToken,
  dialect: 'envelope',
  idempotency: bridgeIdempotency,
  refusals: [...secretKeyReasons, 'state_conflict', 'idempotency_conflict', 'idempotency_in_progress'],
  example: {
    input: { customer_id: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e' },
    output: { bridge_token: 'bridge_token' },
  },
})
