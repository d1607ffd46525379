import * as z from 'zod'
import { cardStatuses, widgetTypes } from './core/enums.js'
import { secretKeyReasons } from './core/reasons.js'
import { cardIdempotency } from './idempotency.js'
import { defineOperation } from './operation.js'
import { uuid } from './scalars.js'

export const WidgetType = z.enum(widgetTypes)

export const CardStatus = z.enum(cardStatuses)

const CardWidgetTokenInput = z.strictObject({
  card_id: uuid.describe('The unique identifier of a card'),
  widget_type: WidgetType.describe('The widget that the token opens'),
})

const CardWidgetToken = z.object({
  tenant: z.string().describe('The id of the tenant containing the resource.'),
  widget_token: z.string().describe('A short-lived, one-time token for use with card widgets'),
})

export const cardWidgetToken = defineOperation({
  id: 'card.widgetToken',
  kind: 'mutation',
  summary: 'Get a widget access token',
  description:
    'Create an ephemeral (short-term, limited-scope) access token for interacting with one card via one widget. It is valid for 5 minutes and can be used once.',
  methods: ['GET', 'POST'],
  paths: ['/v1/cards/{card_id}/widget_token', '/cards/{card_id}/widget_token'],
  pathFields: ['card_id'],
  queryFields: ['widget_type'],
  body: 'ignored',
  calledFrom: 'backend',
  caller: { by: 'secret_key', scope: 'cards:write' },
  mints: 'card',
  spends: null,
  audited: 'never',
  counted: true,
  priority: 'normal',
  input: CardWidgetTokenInput,
  output: CardWidgetToken,
  dialect: 'code',
  idempotency: cardIdempotency,
  refusals: [
    ...secretKeyReasons.filter((reason) => reason !== 'validation_failed'),
    'invalid_path_parameter',
    'invalid_query_parameter',
    'state_conflict',
    'idempotency_invalid_reuse',
    'idempotency_concurrent_use',
  ],
  example: {
    input: { card_id: '7d943c51-e4ff-4e57-9558-08cab6b963c7', widget_type: 'REVEAL' },
    output: { tenant: 'abcdef_ghijkl', widget_token: '0b0319e2-d5f4-49cb-b426-9ff9b2e96969' },
  },
})
