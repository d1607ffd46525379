/** What an endpoint can subscribe to. Each event is written in the transaction of the decision that it is about. */
export const webhookEvents = [
  'session.began',
  'session.promoted',
  'session.ended',
  'session.reuse_detected',
  'token.minted',
  'token.spent',
  'token.revoked',
  'api_key.created',
  'api_key.rotated',
  'api_key.disabled',
  'client_key.created',
  'client_key.updated',
  'signing_key.announced',
  'signing_key.revoked',
  'refusal.burst',
] as const
export type WebhookEvent = (typeof webhookEvents)[number]

/** Sent on request only, to try an endpoint. */
export const webhookTest = 'webhook.test'
export type WebhookType = WebhookEvent | typeof webhookTest

export const deliveryStates = ['pending', 'delivered', 'dead'] as const
export type DeliveryState = (typeof deliveryStates)[number]
