import { type WebhookType, webhookEvents, webhookTest } from './core/webhook-events.js'

/** What each event is about. */
const summaries: Readonly<Record<WebhookType, string>> = {
  'session.began': "A user's token was exchanged for a session",
  'session.promoted': 'A session of a user replaced a guest session',
  'session.ended': 'A session ended, or many at once',
  'session.reuse_detected': 'A refresh token was used again',
  'token.minted': 'A card token was minted',
  'token.spent': 'A token was used',
  'token.revoked': 'A token was revoked',
  'api_key.created': 'A secret key was created',
  'api_key.rotated': 'A secret key was replaced',
  'api_key.disabled': 'A secret key was disabled',
  'client_key.created': 'A client key was created',
  'client_key.updated': 'A client key was changed',
  'signing_key.announced': 'A signing key was published',
  'signing_key.revoked': 'A signing key was revoked',
  'refusal.burst': 'Many calls were refused for the same reason',
  'webhook.test': 'A test event was requested',
}

const header = (name: string, description: string) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
})

const parameters = [
  header('webhook-id', 'The id of the event, the same in each attempt'),
  header('webhook-timestamp', 'When the attempt was made, in seconds since 1970'),
  header('webhook-signature', 'One or two signatures, v1,… (Standard Webhooks)'),
]

const types: readonly WebhookType[] = [...webhookEvents, webhookTest]

/** The requests that the server sends to webhook endpoints (OpenAPI 3.1, `webhooks`). */
export const webhookDocuments: Readonly<Record<string, object>> = Object.fromEntries(
  types.map((type) => [
    type,
    {
      post: {
        summary: summaries[type],
        security: [],
        parameters,
        requestBody: { required: true, content: { 'application/json': { schema: bodyOf(type) } } },
        responses: {
          '204': { description: 'The event was received. Any status from 200 to 299 is accepted' },
          '410': { description: 'The endpoint is gone and gets no more events' },
        },
      },
    },
  ]),
)

function bodyOf(type: WebhookType) {
  return {
    type: 'object',
    required: ['type', 'timestamp', 'data'],
    properties: {
      type: { const: type, description: 'The type of the event' },
      timestamp: { type: 'string', format: 'date-time', description: 'When it happened' },
      data: { type: 'object', description: 'The ids of what it is about' },
    },
  }
}
