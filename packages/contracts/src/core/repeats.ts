/**
 * What happens if a call is sent again: `read` changes nothing; `keyed` runs once per idempotency key; `repeatable` has
 * the same result again; `once` must not be sent twice.
 */
export type Repeat = 'read' | 'keyed' | 'repeatable' | 'once'

/** How every operation repeats, by id. The client uses this at run time, and doesn't compile unless it matches `operations`. */
export const repeats = {
  'bridge.initialize': 'keyed',
  'visitor.guest': 'once',
  'visitor.userToken': 'once',
  'visitor.exchange': 'once',
  'visitor.refresh': 'once',
  'visitor.logout': 'repeatable',
  'visitor.config': 'read',
  'visitor.embedTicket': 'once',
  'card.widgetToken': 'keyed',
  'tokens.redeem': 'keyed',
  'tokens.introspect': 'repeatable',
  'tokens.revoke': 'repeatable',
  'tokens.identify': 'repeatable',
  'admin.caller.get': 'read',
  'admin.accounts.create': 'keyed',
  'admin.accounts.list': 'read',
  'admin.accounts.update': 'keyed',
  'admin.apiKeys.create': 'keyed',
  'admin.apiKeys.list': 'read',
  'admin.apiKeys.rotate': 'keyed',
  'admin.apiKeys.disable': 'keyed',
  'admin.clientKeys.create': 'keyed',
  'admin.clientKeys.list': 'read',
  'admin.clientKeys.update': 'keyed',
  'admin.clientKeys.embedPolicy': 'read',
  'admin.clientKeys.try': 'repeatable',
  'admin.customers.upsert': 'keyed',
  'admin.customers.get': 'read',
  'admin.customers.list': 'read',
  'admin.cards.upsert': 'keyed',
  'admin.cards.get': 'read',
  'admin.cards.list': 'read',
  'admin.sessions.revoke': 'keyed',
  'admin.signingKeys.list': 'read',
  'admin.signingKeys.rotate': 'once',
  'admin.signingKeys.revoke': 'once',
  'admin.refusals.get': 'read',
  'admin.refusals.list': 'read',
  'admin.audit.list': 'read',
  'admin.activity.list': 'read',
} as const satisfies Record<string, Repeat>
