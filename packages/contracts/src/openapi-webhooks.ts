import { type WebhookType, webhookEvents, webhookTest } from './core/webhook-events.js'
import { webhookExample, webhookPayloads, webhookSchema } from './webhook-payloads.js'

const header = (name: string, description: string, required = true) => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
})

const parameters = [
  header('webhook-id', 'The id of the event, the same in each attempt'),
  header('webhook-timestamp', 'When the attempt was made, in seconds since 1970'),
  header('webhook-signature', 'One or two signatures, v1,… (Standard Webhooks), separated by spaces'),
  header('traceparent', 'The trace of the call that caused the event, if there is one (W3C Trace Context)', false),
]

const types: readonly WebhookType[] = [...webhookEvents, webhookTest]

/** The requests that the server sends to webhook endpoints (OpenAPI 3.1, `webhooks`). */
export const webhookDocuments: Readonly<Record<string, object>> = Object.fromEntries(
  types.map((type) => {
    const { summary, description } = webhookPayloads[type]
    const content = { schema: webhookSchema(type), example: webhookExample(type) }
    const post = {
      operationId: `webhook_${type.replace('.', '_')}`,
      tags: ['webhooks'],
      summary,
      ...(description === undefined ? {} : { description }),
      security: [],
      parameters,
      requestBody: { required: true, content: { 'application/json': content } },
      responses: {
        '2XX': { description: 'The event was received' },
        '410': { description: 'The endpoint is gone. It is disabled and gets no more events' },
        '429': { description: 'The event is sent again, not before Retry-After' },
        default: { description: 'The event is sent again later. Redirects are not followed' },
      },
    }
    return [type, { post }]
  }),
)
