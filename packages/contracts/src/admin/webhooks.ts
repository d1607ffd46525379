import * as z from 'zod'
import { deliveryStates, webhookEvents, webhookTest } from '../core/webhook-events.js'
import { defineOperation } from '../operation.js'
import { atMost, filledText, identifier, text } from '../scalars.js'
import { isOutboundUrl, outboundUrlDetail } from '../trusted-issuers.js'
import { exampleId, exampleTime, listExample, paged, read, secretWrite, write } from './common.js'
import { PageInput, pageOf, time } from './schemas.js'

const webhookId = identifier.describe('The id of the webhook endpoint')
const eventTypes = atMost(
  webhookEvents.length + 1,
  z.array(z.enum(['*', ...webhookEvents])).min(1, 'must name at least one event type'),
).describe('The events to send; * is every one')
const url = z
  .string('must be a string')
  .refine(isOutboundUrl, outboundUrlDetail)
  .describe('Where to send events; https, and not in a private network')
const description = text(200).describe('For people; has no effect')

const AdminWebhook = z.object({
  id: z.string().describe('The id of the webhook endpoint'),
  url: z.string().describe('Where events are sent'),
  event_types: z.array(z.enum(['*', ...webhookEvents])).describe('The events that are sent; * is every one'),
  description: z.string().describe('For people; has no effect'),
  disabled: z.boolean().describe('A disabled endpoint gets no new events'),
  disabled_reason: z
    .enum(['requested', 'gone'])
    .nullable()
    .describe('requested by an administrator, or gone because the endpoint answered 410; null if it is enabled'),
  created_at: time,
  previous_secret_until: time
    .nullable()
    .describe('Until when the previous secret signs too (RFC 3339, UTC); null after that'),
})

const AdminWebhookDelivery = z.object({
  event_id: z.string().describe('The id of the event, which is the header webhook-id of each attempt'),
  type: z.enum([...webhookEvents, webhookTest]).describe('The type of the event'),
  state: z.enum(deliveryStates).describe('pending, delivered, or dead once no more attempts follow'),
  attempts: z.int().describe('The attempts so far, or since the last replay'),
  created_at: time.describe('When it happened (RFC 3339, UTC)'),
  next_attempt_at: time.nullable().describe('When the next attempt is due (RFC 3339, UTC); null if none follows'),
  last_attempt_at: time.nullable().describe('When the last attempt ended (RFC 3339, UTC); null before the first'),
  last_status: z.int().nullable().describe('The HTTP status of the last attempt; null if there was no response'),
  last_result: z.string().nullable().describe('The result of the last attempt; null before the first'),
  payload: z.string().describe('The body that is sent, as JSON. It contains ids and no token'),
})

const Secret = z.string().describe('whsec_…, shown once')
const NewWebhook = AdminWebhook.extend({ secret: Secret })

const webhook = {
  id: `whe_${exampleId}`,
  url: 'https://hooks.example/hallpass',
  event_types: ['session.reuse_detected', 'token.spent'],
  description: '',
  disabled: false,
  disabled_reason: null,
  created_at: exampleTime,
  previous_secret_until: null,
}
const eventId = `evt_${exampleId}`
const data = { kind: 'card', token_id: exampleId }
const delivery = {
  event_id: eventId,
  type: 'token.spent',
  state: 'delivered',
  attempts: 1,
  created_at: exampleTime,
  next_attempt_at: null,
  last_attempt_at: exampleTime,
  last_status: 204,
  last_result: 'delivered',
  payload: JSON.stringify({ type: 'token.spent', timestamp: exampleTime, data }),
}
const named = { pathFields: ['webhook_id'] } as const
const NamedInput = z.strictObject({ webhook_id: webhookId })
const namedExample = { webhook_id: webhook.id }

const ReplayInput = z
  .strictObject({
    webhook_id: webhookId,
    event_id: filledText(100).optional().describe('One event; without it, the dead ones are sent again'),
    since: time.optional().describe('Send delivered and dead ones again that happened since then (RFC 3339, UTC)'),
    cursor: filledText(100).optional().describe('With since: the next_cursor of the previous call'),
  })
  .superRefine(({ event_id, since, cursor }, ctx) => {
    if (event_id !== undefined && since !== undefined) {
      ctx.addIssue({ code: 'custom', path: ['since'], message: 'must not be given with event_id' })
    }
    if (cursor !== undefined && since === undefined) {
      ctx.addIssue({ code: 'custom', path: ['cursor'], message: 'requires since' })
    }
  })

/** Webhook endpoints and what was sent to them. */
export const adminWebhooksOperations = {
  'admin.webhooks.create': defineOperation({
    ...secretWrite,
    id: 'admin.webhooks.create',
    summary: 'Create a webhook endpoint',
    description:
      'Events are sent to it as Standard Webhooks, signed with the secret in the response, which is shown once. It takes effect at once, and within a second on other replicas. An account has at most 10 endpoints.',
    paths: ['/v1/admin/webhooks'],
    input: z.strictObject({ url, event_types: eventTypes, description: description.default('') }),
    output: NewWebhook,
    example: {
      input: { url: webhook.url, event_types: webhook.event_types },
      output: { ...webhook, secret: 'whsec_…' },
    },
  }),
  'admin.webhooks.list': defineOperation({
    ...read,
    ...paged,
    id: 'admin.webhooks.list',
    summary: 'List webhook endpoints',
    description: 'Lists the webhook endpoints of the acting account, without their secrets.',
    paths: ['/v1/admin/webhooks'],
    output: pageOf(AdminWebhook),
    example: listExample(webhook),
  }),
  'admin.webhooks.get': defineOperation({
    ...read,
    ...named,
    id: 'admin.webhooks.get',
    summary: 'Show a webhook endpoint',
    description: 'Shows a webhook endpoint without its secret.',
    paths: ['/v1/admin/webhooks/{webhook_id}'],
    input: NamedInput,
    output: AdminWebhook,
    example: { input: namedExample, output: webhook },
  }),
  'admin.webhooks.update': defineOperation({
    ...write,
    ...named,
    id: 'admin.webhooks.update',
    summary: 'Change a webhook endpoint',
    description:
      'Fields you leave out keep their value. Enabling an endpoint resumes its pending deliveries; events from while it was disabled are not sent.',
    paths: ['/v1/admin/webhooks/{webhook_id}'],
    input: z.strictObject({
      webhook_id: webhookId,
      url: url.optional(),
      event_types: eventTypes.optional(),
      description: description.optional(),
      disabled: z.boolean().optional().describe('Whether to stop sending events'),
    }),
    output: AdminWebhook,
    example: { input: { ...namedExample, event_types: ['*'] }, output: { ...webhook, event_types: ['*'] } },
  }),
  'admin.webhooks.rotateSecret': defineOperation({
    ...secretWrite,
    ...named,
    id: 'admin.webhooks.rotateSecret',
    summary: 'Replace the secret of a webhook endpoint',
    description:
      'The new secret is shown once. During the overlap, each event is signed with both secrets, so you can replace the secret without missing one. A secret from before the previous one signs no more.',
    paths: ['/v1/admin/webhooks/{webhook_id}/rotate_secret'],
    input: z.strictObject({
      webhook_id: webhookId,
      overlap_seconds: z
        .int()
        .min(0)
        .max(2_592_000)
        .default(86_400)
        .describe('How long the old secret keeps signing too'),
    }),
    output: NewWebhook,
    example: {
      input: { ...namedExample, overlap_seconds: 3600 },
      output: { ...webhook, previous_secret_until: exampleTime, secret: 'whsec_…' },
    },
  }),
  'admin.webhooks.delete': defineOperation({
    ...write,
    ...named,
    id: 'admin.webhooks.delete',
    summary: 'Delete a webhook endpoint',
    description: 'Nothing is sent to it any more. Its deliveries are deleted too.',
    paths: ['/v1/admin/webhooks/{webhook_id}/delete'],
    input: NamedInput,
    output: z.object({ id: z.string().describe('The id of the deleted endpoint') }),
    example: { input: namedExample, output: { id: webhook.id } },
  }),
  'admin.webhooks.test': defineOperation({
    ...write,
    ...named,
    id: 'admin.webhooks.test',
    summary: 'Send a test event',
    description: 'Sends an event of the type webhook.test to the endpoint, whatever it subscribed to.',
    paths: ['/v1/admin/webhooks/{webhook_id}/test'],
    input: NamedInput,
    output: z.object({ event_id: z.string().describe('The id of the event, to find its delivery') }),
    example: { input: namedExample, output: { event_id: eventId } },
  }),
  'admin.webhooks.deliveries': defineOperation({
    ...read,
    ...named,
    id: 'admin.webhooks.deliveries',
    summary: 'List the deliveries of a webhook endpoint',
    description:
      'Lists events for an endpoint, newest first. Delivered ones are kept for 7 days, and dead ones for 30 days.',
    paths: ['/v1/admin/webhooks/{webhook_id}/deliveries'],
    queryFields: ['cursor', 'limit', 'state'],
    input: z.strictObject({
      webhook_id: webhookId,
      ...PageInput,
      state: z.enum(deliveryStates).optional().describe('Only deliveries in this state'),
    }),
    output: pageOf(AdminWebhookDelivery),
    example: { input: namedExample, output: { data: [delivery] } },
  }),
  'admin.webhooks.replay': defineOperation({
    ...write,
    ...named,
    id: 'admin.webhooks.replay',
    summary: 'Send events again',
    description:
      'Sends one event again, whatever its state, or up to 1,000 dead ones, oldest first. With `since`, sends up to 1,000 delivered or dead ones again that happened since then; for the next ones, pass `next_cursor` as `cursor`. They keep their ids, so a receiver that already processed one can skip it.',
    paths: ['/v1/admin/webhooks/{webhook_id}/replay'],
    input: ReplayInput,
    output: z.object({
      replayed: z.int().describe('How many events will be sent again'),
      next_cursor: z.string().optional().describe('With since: the cursor of the next ones; absent if these are all'),
    }),
    example: { input: { ...namedExample, event_id: eventId }, output: { replayed: 1 } },
  }),
} as const
