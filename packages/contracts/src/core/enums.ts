/** What a secret key may do. `*` covers everything in an account; `host` covers the whole server and is never implied. */
export const scopes = [
  '*',
  'bridge:write',
  'visitor:write',
  'cards:write',
  'tokens:redeem',
  'tokens:introspect',
  'tokens:revoke',
  'admin',
  'host',
] as const
export type Scope = (typeof scopes)[number]

/** What a card widget lets the cardholder do (Card API, `widget_type`). */
export const widgetTypes = ['ACTIVATE', 'GET_PIN', 'REVEAL', 'SET_PIN'] as const
export type WidgetType = (typeof widgetTypes)[number]

export const cardStatuses = ['UNACTIVATED', 'ACTIVE', 'SUSPENDED', 'TERMINATED'] as const
export type CardStatus = (typeof cardStatuses)[number]

/** The statuses of a card whose live tokens end when it gets one of them. */
export const endedCardStatuses: readonly CardStatus[] = ['SUSPENDED', 'TERMINATED']

/** The statuses of a card that a widget works with, when its token is minted and when it is redeemed. */
export const cardStatusesFor: Readonly<Record<WidgetType, readonly CardStatus[]>> = {
  ACTIVATE: ['UNACTIVATED'],
  GET_PIN: ['ACTIVE'],
  REVEAL: ['ACTIVE'],
  SET_PIN: ['ACTIVE'],
}

export const customerStatuses = ['verified', 'pending', 'review', 'rejected', 'inactive'] as const
export type CustomerStatus = (typeof customerStatuses)[number]

/** The statuses of a customer who gets no bridge tokens, and whose bridge tokens are inactive. */
export const endedCustomerStatuses: readonly CustomerStatus[] = ['rejected', 'inactive']

/** How a paykey made in the sandbox turns out (Bridge API, `config.sandbox_outcome`). */
export const sandboxOutcomes = ['standard', 'active', 'rejected', 'review'] as const
export type SandboxOutcome = (typeof sandboxOutcomes)[number]
