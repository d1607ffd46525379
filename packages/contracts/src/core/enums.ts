/** Scopes of secret keys. `*` covers everything in an account. `host` covers the whole server and is never part of `*`. */
export const scopes = [
  '*',
  'bridge:write',
  'visitor:write',
  'cards:write',
  'kinds:mint',
  'tokens:redeem',
  'tokens:introspect',
  'tokens:revoke',
  'admin:read',
  'admin',
  'host',
] as const

/** What a scope can permit for one declared kind, and the scope that permits it for all kinds. */
export const kindScopes = { mint: 'kinds:mint', redeem: 'tokens:redeem' } as const
export type KindScope = `kind:${string}:${keyof typeof kindScopes}`
export type Scope = (typeof scopes)[number] | KindScope

/** What a cardholder can do in a card widget (Card API, `widget_type`). */
export const widgetTypes = ['ACTIVATE', 'GET_PIN', 'REVEAL', 'SET_PIN'] as const
export type WidgetType = (typeof widgetTypes)[number]

export const cardStatuses = ['UNACTIVATED', 'ACTIVE', 'SUSPENDED', 'TERMINATED'] as const
export type CardStatus = (typeof cardStatuses)[number]

/** When a card gets one of these statuses, its live tokens end. */
export const endedCardStatuses: readonly CardStatus[] = ['SUSPENDED', 'TERMINATED']

/** The card statuses that each widget requires, both when its token is minted and when it is redeemed. */
export const cardStatusesFor: Readonly<Record<WidgetType, readonly CardStatus[]>> = {
  ACTIVATE: ['UNACTIVATED'],
  GET_PIN: ['ACTIVE'],
  REVEAL: ['ACTIVE'],
  SET_PIN: ['ACTIVE'],
}

export const customerStatuses = ['verified', 'pending', 'review', 'rejected', 'inactive'] as const
export type CustomerStatus = (typeof customerStatuses)[number]

/** Customers with one of these statuses get no bridge tokens, and their existing ones are inactive. */
export const endedCustomerStatuses: readonly CustomerStatus[] = ['rejected', 'inactive']

/** The outcome of a paykey created in the sandbox (Bridge API, `config.sandbox_outcome`). */
export const sandboxOutcomes = ['standard', 'active', 'rejected', 'review'] as const
export type SandboxOutcome = (typeof sandboxOutcomes)[number]
