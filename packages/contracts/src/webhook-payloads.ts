import { exampleId, exampleTime } from './admin/common.js'
import type { WebhookType } from './core/webhook-events.js'

/** What the data of events consists of. */
const fields = {
  session_id: { type: 'string', description: 'The id of the session' },
  visitor_id: { type: 'string', description: 'The id of the visitor' },
  user_id: { type: 'string', description: "The user's id, as your backend named it" },
  client_key_id: { type: 'string', description: 'The id of the client key' },
  guest_session_id: { type: 'string', description: 'The id of the guest session that ended' },
  scope: { type: 'string', description: 'What a cutoff ended: account, user, visitor, client_key and so on' },
  scope_id: { type: 'string', description: 'The id of what the cutoff ended' },
  not_before: {
    type: 'string',
    format: 'date-time',
    description: 'Everything in the scope that began up to this time has ended (RFC 3339, UTC)',
  },
  kind: { type: 'string', description: 'The kind of the token: card, visitor, embed-ticket, or a declared kind' },
  token_id: { type: 'string', description: 'The id of the token, which is its jti' },
  card_id: { type: 'string', description: 'The id of the card' },
  uses_left: { type: 'integer', description: 'How often the token can still be used' },
  api_key_id: { type: 'string', description: 'The id of the secret key' },
  successor_id: { type: 'string', description: 'The id of the secret key that replaces it' },
  disabled: { type: 'boolean', description: 'Whether the client key is disabled now' },
  kid: { type: 'string', description: 'The id of the signing key, as in the key set' },
  operation: { type: 'string', description: 'The operation that was called' },
  reason: { type: 'string', description: 'Why it happened' },
  webhook_id: { type: 'string', description: 'The id of the webhook endpoint' },
} as const
type Field = keyof typeof fields

/** An event and its data. */
interface Payload {
  readonly summary: string
  /** What the summary leaves out. */
  readonly description?: string
  /** The fields that the data always has. */
  readonly required: readonly Field[]
  /** The fields that only some events of the type have. */
  readonly optional?: readonly Field[]
  readonly example: Readonly<Partial<Record<Field, string | number | boolean>>>
}

const id = (last: string) => exampleId.slice(0, -last.length) + last
const session = { session_id: id('01'), visitor_id: id('02') }
const user = { ...session, user_id: 'user_42', client_key_id: id('03') }
const guest = { guest_session_id: id('04') }
const token = { kind: 'card', token_id: id('05'), card_id: 'card_1' }

export const webhookPayloads: Readonly<Record<WebhookType, Payload>> = {
  'session.began': {
    summary: "A user's token was exchanged for a session",
    required: ['session_id', 'visitor_id', 'user_id', 'client_key_id'],
    example: user,
  },
  'session.promoted': {
    summary: 'A session of a user replaced a guest session',
    description:
      "A user's token was exchanged for a session that replaces a guest session. The guest session ended, and has no event of its own.",
    required: ['session_id', 'visitor_id', 'user_id', 'client_key_id', 'guest_session_id'],
    example: { ...user, ...guest },
  },
  'session.ended': {
    summary: 'A session ended, or many at once',
    description:
      'A session ended by a logout, a revocation or a reuse. A cutoff, which ends many sessions and tokens at once, is one event: instead of `session_id` it has `scope`, `scope_id` and `not_before`. `reason` is `logout`, `revoked` or `reuse`; for a cutoff, it is `revoked`, `account_disabled`, `account_enabled`, `kind_disabled`, `status_changed`, `observation_ended` or `feed_full`.',
    required: ['reason'],
    optional: ['session_id', 'visitor_id', 'client_key_id', 'scope', 'scope_id', 'not_before'],
    example: { ...session, reason: 'logout' },
  },
  'session.reuse_detected': {
    summary: 'A refresh token was used again',
    description:
      'A refresh token was used again after the grace period, which may mean that it was stolen. `session.ended` follows.',
    required: ['session_id'],
    optional: ['visitor_id', 'client_key_id'],
    example: { ...session, client_key_id: user.client_key_id },
  },
  'token.minted': {
    summary: 'A token that has a row was minted',
    description: 'A card token was minted, or a token of a declared kind that is opaque or counts its uses.',
    required: ['kind', 'token_id'],
    optional: ['card_id'],
    example: token,
  },
  'token.spent': {
    summary: 'A token was used',
    description:
      'A card token, a visitor token, an embed ticket, or a token of a declared kind that counts its uses was used. Tokens of declared kinds also have `uses_left`.',
    required: ['kind', 'token_id'],
    optional: ['card_id', 'uses_left'],
    example: token,
  },
  'token.revoked': {
    summary: 'A token was revoked',
    description: 'A token was revoked by itself. For a session or its refresh token, `session.ended` is sent instead.',
    required: ['kind', 'token_id'],
    example: { kind: 'card', token_id: token.token_id },
  },
  'api_key.created': {
    summary: 'A secret key was created',
    required: ['api_key_id'],
    example: { api_key_id: id('06') },
  },
  'api_key.rotated': {
    summary: 'A secret key was replaced',
    required: ['api_key_id', 'successor_id'],
    example: { api_key_id: id('06'), successor_id: id('07') },
  },
  'api_key.disabled': {
    summary: 'A secret key was disabled',
    description: 'A secret key was disabled. `reason` is `leaked` if a secret scanner reported the key.',
    required: ['api_key_id'],
    optional: ['reason'],
    example: { api_key_id: id('06') },
  },
  'client_key.created': {
    summary: 'A client key was created',
    required: ['client_key_id'],
    example: { client_key_id: id('03') },
  },
  'client_key.updated': {
    summary: 'A client key was changed',
    required: ['client_key_id', 'disabled'],
    example: { client_key_id: id('03'), disabled: true },
  },
  'signing_key.announced': {
    summary: 'A signing key was published',
    description:
      'A signing key was published. Signing keys are of the whole server, so subscribers of every account get the event.',
    required: ['kid'],
    example: { kid: 'm3GCgXqYbZ0b1pGQYkYH8lY6sGk4wWv2hM9oXv3fTqE' },
  },
  'signing_key.revoked': {
    summary: 'A signing key was revoked',
    description: 'A signing key was revoked. Subscribers of every account get the event.',
    required: ['kid'],
    example: { kid: 'm3GCgXqYbZ0b1pGQYkYH8lY6sGk4wWv2hM9oXv3fTqE' },
  },
  'refusal.burst': {
    summary: 'Many calls were refused for the same reason',
    description:
      'In one minute, more calls of one operation were refused for one reason than the refusal log keeps. Sent at most once in 10 minutes for each operation and reason.',
    required: ['operation', 'reason'],
    example: { operation: 'tokens.redeem', reason: 'token_already_used' },
  },
  'webhook.test': {
    summary: 'A test event was requested',
    description: 'You asked for it with `hallpass webhooks test`. It needs no subscription.',
    required: ['webhook_id'],
    example: { webhook_id: `whe_${exampleId}` },
  },
}

/** The body of an event, as an example. */
export const webhookExample = (type: WebhookType) => ({
  type,
  timestamp: exampleTime,
  data: webhookPayloads[type].example,
})

/** The JSON Schema of an event's body. */
export function webhookSchema(type: WebhookType) {
  const { required, optional = [] } = webhookPayloads[type]
  const names = [...required, ...optional]
  return {
    type: 'object',
    required: ['type', 'timestamp', 'data'],
    properties: {
      type: { type: 'string', enum: [type], description: 'The type of the event' },
      timestamp: { type: 'string', format: 'date-time', description: 'When it happened (RFC 3339, UTC)' },
      data: {
        type: 'object',
        description: 'The ids of what it is about',
        required,
        properties: Object.fromEntries(names.map((name) => [name, fields[name]])),
      },
    },
  }
}
