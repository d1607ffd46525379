import { type SandboxOutcome, sandboxOutcomes, type WidgetType, widgetTypes } from '@hallpass/contracts/core'

/** Options that a page can set for a call to Hallpass. */
export type CallExtras = { readonly idempotency_key?: string; readonly fault?: string } | null

export type Bridge =
  | (CallExtras & {
      readonly sandbox_outcome?: SandboxOutcome
      readonly external_id?: string
      /** Requests a customer of another account, which Hallpass refuses. Default: the shop's own customer. */
      readonly of?: 'otherAccount'
    })
  | null

export type CardToken =
  | (CallExtras & { readonly card_id?: string; readonly widget_type?: WidgetType; readonly of?: 'otherAccount' })
  | null

export type Redeem = NonNullable<CallExtras> & {
  readonly widget_token: string
  readonly widget_type?: WidgetType
  /** Calls with another account's key, which Hallpass refuses. Default: the shop's own key. */
  readonly by?: 'otherAccount'
}

/** A token of the declared kind. The voice is validated by Hallpass, so that a page can ask for one that there isn't. */
export type VoiceToken = (CallExtras & { readonly voice?: string; readonly exhibit?: string }) | null

export type VoiceRedeem = NonNullable<CallExtras> & {
  readonly token: string
  readonly kind?: string
  readonly action?: string
  readonly exhibit?: string
  readonly by?: 'otherAccount'
}

/** Ends calls that haven't begun: of the declared kind, of the logged-in user, or about an exhibit. */
export type VoiceRevoke = { readonly by: 'kind' | 'subject' | 'resource'; readonly exhibit?: string }

export type OfToken = { readonly token: string; readonly by?: 'otherAccount' }

const extras = {
  idempotency_key: { type: 'string', minLength: 1, maxLength: 255 },
  fault: { type: 'string', minLength: 1, maxLength: 40 },
} as const
const otherAccount = { type: 'string', enum: ['otherAccount'] } as const
const widgetType = { type: 'string', enum: widgetTypes } as const
const token = { type: 'string', minLength: 1, maxLength: 4096 } as const

const short = { type: 'string', minLength: 1, maxLength: 40 } as const

/** An optional body with only these members. */
const optional = (properties: object) => ({
  type: ['object', 'null'],
  additionalProperties: false,
  properties: { ...extras, ...properties },
})

export const callExtras = optional({})
export const bridge = optional({
  sandbox_outcome: { type: 'string', enum: sandboxOutcomes },
  external_id: { type: 'string', maxLength: 255 },
  of: otherAccount,
})
export const cardToken = optional({
  card_id: { type: 'string', maxLength: 36 },
  widget_type: widgetType,
  of: otherAccount,
})
export const redeem = {
  type: 'object',
  required: ['widget_token'],
  additionalProperties: false,
  properties: { ...extras, widget_token: { ...token, maxLength: 100 }, widget_type: widgetType, by: otherAccount },
}
export const voiceToken = optional({ voice: short, exhibit: short })
export const voiceRedeem = {
  type: 'object',
  required: ['token'],
  additionalProperties: false,
  properties: { ...extras, token, kind: short, action: short, exhibit: short, by: otherAccount },
}
export const voiceRevoke = {
  type: 'object',
  required: ['by'],
  additionalProperties: false,
  properties: { by: { type: 'string', enum: ['kind', 'subject', 'resource'] }, exhibit: short },
}
export const ofToken = {
  type: 'object',
  required: ['token'],
  additionalProperties: false,
  properties: { token, by: otherAccount },
}
