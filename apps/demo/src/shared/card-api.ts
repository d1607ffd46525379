import type { WidgetType } from '@hallpass/contracts'

/** What the card widget asks the processor to do. The token is spent by it. */
export interface CardAct {
  readonly widget_token: string
  readonly widget_type: WidgetType
  /** The new PIN, for SET_PIN: four digits. */
  readonly pin?: string
}

/** What the processor did. Each member is there for the widget types that it belongs to. */
export interface CardActed {
  readonly last_four: string
  /** REVEAL: the card's number, its security code and its last month, such as `09/29`. */
  readonly pan?: string
  readonly cvc?: string
  readonly expiry?: string
  /** GET_PIN. */
  readonly pin?: string
}

/** Frame to page, when the processor has done it. */
export interface CardDoneMessage {
  readonly type: typeof cardDone
  readonly widget_type: WidgetType
}

export const cardDone = 'hallpass-demo/card-done'
