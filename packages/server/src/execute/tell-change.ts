import type { OperationId } from '@hallpass/contracts'
import { clientKeyUpdated, sessionEnded } from '../webhooks/facts.js'
import type { WebhookFact } from '../webhooks/webhook-event.js'

type Fields = Readonly<Record<string, unknown>>

/** What an administrative change tells the account's webhook endpoints, if its handler doesn't. */
const facts: { readonly [Id in OperationId]?: (input: Fields, value: Fields) => readonly WebhookFact[] } = {
  'admin.apiKeys.create': (_, { id }) => [keyFact('api_key.created', 'api_key_id', id)],
  'admin.apiKeys.rotate': ({ api_key_id }, { id }) => [
    keyFact('api_key.rotated', 'api_key_id', api_key_id, { successor_id: String(id) }),
  ],
  'admin.clientKeys.create': (_, { id }) => [keyFact('client_key.created', 'client_key_id', id)],
  'admin.clientKeys.update': (_, { id, disabled }) => [
    clientKeyUpdated({ id: String(id), disabled: disabled === true }),
  ],
  // a cutoff has its event from the store
  'admin.sessions.revoke': (_, { scope, subject, already_ended }) =>
    scope === 'session' && already_ended !== true ? [sessionEnded({ session_id: String(subject) }, 'revoked')] : [],
}

/** What a change tells: nothing for most operations. */
export function factsOfChange(operationId: string, input: unknown, value: unknown): readonly WebhookFact[] {
  // administrative operations have objects as inputs and outputs
  return facts[operationId as OperationId]?.(input as Fields, value as Fields) ?? []
}

const keyFact = (
  type: WebhookFact['type'],
  name: string,
  id: unknown,
  more: WebhookFact['data'] = {},
): WebhookFact => ({
  type,
  subject: String(id),
  data: { [name]: String(id), ...more },
})
