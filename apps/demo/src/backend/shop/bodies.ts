import { type SandboxOutcome, sandboxOutcomes, type WidgetType, widgetTypes } from '@hallpass/contracts/core'

/** What a request to Hallpass may carry beside its input. */
export type CallExtras = { readonly idempotency_key?: string; readonly fault?: string } | null

export type Bridge =
  | (CallExtras & {
      readonly sandbox_outcome?: SandboxOutcome
      readonly external_id?: string
      /** Whose customer is named: the shop's own, or another account's, to be refused. */
      readonly of?: 'stranger'
    })
  | null

export type CardToken =
  | (CallExtras & { readonly card_id?: string; readonly widget_type?: WidgetType; readonly of?: 'stranger' })
  | null

export type Redeem = NonNullable<CallExtras> & {
  readonly widget_token: string
  readonly widget_type?: WidgetType
  /** Who asks: the shop, or another account, to be refused. */
  readonly by?: 'stranger'
}

export type OfToken = { readonly token: string; readonly by?: 'stranger' }

const extras = {
  idempotency_key: { type: 'string', minLength: 1, maxLength: 255 },
  fault: { type: 'string', minLength: 1, maxLength: 40 },
} as const
const stranger = { type: 'string', enum: ['stranger'] } as const
const widgetType = { type: 'string', enum: widgetTypes } as const
const token = { type: 'string', minLength: 1, maxLength: 4096 } as const

/** An object with these members and no others, or nothing at all. */
const optional = (properties: object) => ({
  type: ['object', 'null'],
  additionalProperties: false,
  properties: { ...extras, ...properties },
})

export const callExtras = optional({})
export const bridge = optional({
  sandbox_outcome: { type: 'string', enum: sandboxOutcomes },
  external_id: { type: 'string', maxLength: 255 },
  of: stranger,
})
export const cardToken = optional({ card_id: { type: 'string', maxLength: 36 }, widget_type: widgetType, of: stranger })
export const redeem = {
  type: 'object',
  required: ['widget_token'],
  additionalProperties: false,
  properties: { ...extras, widget_token: { ...token, maxLength: 100 }, widget_type: widgetType, by: stranger },
}
export const ofToken = {
  type: 'object',
  required: ['token'],
  additionalProperties: false,
  properties: { token, by: stranger },
}
