import type { WidgetType } from '@hallpass/contracts'

/** The card widget's request to the processor, which redeems the token. */
export interface CardAct {
  readonly widget_token: string
  readonly widget_type: WidgetType
  /** SET_PIN: the new PIN, four digits. */
  readonly pin?: string
}

/** The processor's response. The optional members depend on the widget type. */
export interface CardActed {
  readonly last_four: string
  /** REVEAL: the card number, its security code, and its expiry such as `09/29`. */
  readonly pan?: string
  readonly cvc?: string
  readonly expiry?: string
  /** GET_PIN. */
  readonly pin?: string
}

/** The message from the frame to the page after the processor has performed the action. */
export interface CardDoneMessage {
  readonly type: typeof cardDone
  readonly widget_type: WidgetType
}

export const cardDone = 'hallpass-demo/card-done'
