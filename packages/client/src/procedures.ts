import type { IdempotencyPolicy, Operation, OperationId, Operations } from '@hallpass/contracts'

/**
 * What a repeat of a call would do: `read` changes nothing; `keyed` is done once for an idempotency key; `repeatable` is the
 * same when it is done again; `once` must not be sent twice.
 */
export type Repeat = 'read' | 'keyed' | 'repeatable' | 'once'

type RepeatOf<O extends Operation> = O['kind'] extends 'query'
  ? 'read'
  : O extends { readonly idempotency: IdempotencyPolicy }
    ? 'keyed'
    : O extends { readonly repeatable: true }
      ? 'repeatable'
      : 'once'

/**
 * Every operation of the contracts, as far as a caller has to know it at run time. The compiler holds it against the
 * operations' table, which itself stays out: it would bring the schemas of everything into every page.
 */
export const procedures: { readonly [Id in OperationId]: RepeatOf<Operations[Id]> } = {
  'bridge.initialize': 'keyed',
  'visitor.guest': 'once',
  'visitor.userToken': 'once',
  'visitor.exchange': 'once',
  'visitor.refresh': 'once',
  'visitor.config': 'read',
  'visitor.embedTicket': 'once',
  'card.widgetToken': 'keyed',
  'tokens.redeem': 'keyed',
  'tokens.introspect': 'repeatable',
  'tokens.revoke': 'repeatable',
  'tokens.identify': 'repeatable',
  'admin.accounts.create': 'keyed',
  'admin.accounts.list': 'read',
  'admin.apiKeys.create': 'keyed',
  'admin.apiKeys.list': 'read',
  'admin.apiKeys.rotate': 'keyed',
  'admin.apiKeys.disable': 'keyed',
  'admin.clientKeys.create': 'keyed',
  'admin.clientKeys.list': 'read',
  'admin.clientKeys.update': 'keyed',
  'admin.clientKeys.embedPolicy': 'read',
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
}
