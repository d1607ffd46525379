import type { OperationId } from '@hallpass/contracts'
import type { WebhookFact } from '../webhooks/webhook-event.js'

type Fields = Readonly<Record<string, unknown>>

/** What an administrative change tells the account's webhook endpoints. */
const facts: { readonly [Id in OperationId]?: (input: Fields, value: Fields) => readonly WebhookFact[] } = {
  'admin.apiKeys.create': (_, { id }) => [keyFact('api_key.created', 'api_key_id', id)],
  'admin.apiKeys.rotate': ({ api_key_id }, { id }) => [
    keyFact('api_key.rotated', 'api_key_id', api_key_id, { successor_id: String(id) }),
  ],
  'admin.apiKeys.disable': ({ api_key_id }, { disabled_successor_ids }) =>
    [api_key_id, ...listOf(disabled_successor_ids)].map((id) => keyFact('api_key.disabled', 'api_key_id', id)),
  'admin.clientKeys.create': (_, { id }) => [keyFact('client_key.created', 'client_key_id', id)],
  'admin.clientKeys.update': clientKeyUpdated,
  'admin.clientKeys.allowOrigin': clientKeyUpdated,
  'admin.sessions.revoke': (_, { scope, subject, already_ended }) => {
    if (already_ended === true) return []
    const ended = { scope: String(scope), scope_id: String(subject), reason: 'revoked' }
    const data = scope === 'session' ? { session_id: String(subject), ...ended } : ended
    return [{ type: 'session.ended', subject: String(subject), data }]
  },
}

/** What a change tells: nothing for most operations. */
export function factsOfChange(operationId: string, input: unknown, value: unknown): readonly WebhookFact[] {
  // administrative operations have objects as inputs and outputs
  return facts[operationId as OperationId]?.(input as Fields, value as Fields) ?? []
}

function clientKeyUpdated(_: Fields, { id, disabled }: Fields): readonly WebhookFact[] {
  return [keyFact('client_key.updated', 'client_key_id', id, { disabled: disabled === true })]
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

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
