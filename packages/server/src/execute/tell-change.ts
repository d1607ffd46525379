import type { OperationId, Operations, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import { clientKeyUpdated, sessionEnded } from '../webhooks/facts.js'
import type { WebhookFact } from '../webhooks/webhook-event.js'

/** The operations that change an account. */
export type ChangeId = {
  [Id in OperationId]: Operations[Id] extends { readonly audited: 'changes' } ? Id : never
}[OperationId]

type FactsOf<O extends Operations[ChangeId]> = (input: ParsedInputOf<O>, value: OutputOf<O>) => readonly WebhookFact[]

/** Why the events of a change, if it has any, aren't in this table. */
type Elsewhere =
  /** Only the handler knows what has changed, so it writes them. */
  | 'by the handler'
  /** They are about the cutoff that the change writes, and the store writes them with it. */
  | 'by the cutoff'
  /** They are about the server's keys, and for all accounts. */
  | 'by the key ring'
  /** No receiver has to act on it: nothing that was issued is affected. */
  | 'none'

/**
 * What each administrative change tells the account's webhook endpoints. A new operation that changes an account does not
 * compile until this table says what it tells.
 */
const tells: { readonly [Id in ChangeId]: FactsOf<Operations[Id]> | Elsewhere } = {
  'admin.accounts.create': 'none',
  'admin.accounts.update': 'by the cutoff',
  'admin.apiKeys.create': (_, { id }) => [keyFact('api_key.created', 'api_key_id', id)],
  'admin.apiKeys.rotate': ({ api_key_id }, { id }) => [
    keyFact('api_key.rotated', 'api_key_id', api_key_id, { successor_id: id }),
  ],
  'admin.apiKeys.disable': 'by the handler',
  'admin.clientKeys.create': (_, { id }) => [keyFact('client_key.created', 'client_key_id', id)],
  'admin.clientKeys.update': (_, key) => [clientKeyUpdated(key)],
  'admin.clientKeys.allowOrigin': 'by the handler',
  'admin.customers.upsert': 'by the cutoff',
  'admin.cards.upsert': 'by the cutoff',
  'admin.kinds.put': 'none',
  'admin.kinds.disable': 'by the cutoff',
  // a cutoff has its event from the store
  'admin.sessions.revoke': (_, { scope, subject, already_ended }) =>
    scope === 'session' && !already_ended ? [sessionEnded({ session_id: subject }, 'revoked')] : [],
  'admin.signingKeys.rotate': 'by the key ring',
  'admin.signingKeys.revoke': 'by the key ring',
  'admin.webhooks.create': 'none',
  'admin.webhooks.update': 'none',
  'admin.webhooks.rotateSecret': 'none',
  'admin.webhooks.delete': 'none',
  'admin.webhooks.test': 'by the handler',
  'admin.webhooks.replay': 'none',
}

/** The events of a change that are in the table. */
export function factsOfChange(id: ChangeId, input: unknown, value: unknown): readonly WebhookFact[] {
  // what the operation's handler got and returned
  const factsOf = tells[id] as ((input: unknown, value: unknown) => readonly WebhookFact[]) | Elsewhere
  return typeof factsOf === 'string' ? [] : factsOf(input, value)
}

const keyFact = (type: WebhookFact['type'], name: string, id: string, more: WebhookFact['data'] = {}): WebhookFact => ({
  type,
  subject: id,
  data: { [name]: id, ...more },
})
