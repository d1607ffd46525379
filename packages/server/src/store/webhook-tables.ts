import type { DeliveryState, WebhookType } from '@hallpass/contracts'

/* Webhook endpoints and deliveries. Times are milliseconds since the epoch; see schema. */

export interface WebhookEndpointsTable {
  id: string
  account_id: string
  url: string
  /** Between commas, with one at each end: `,token.spent,session.ended,`. */
  event_types: string
  description: string
  sealed_secret: string
  /** The secret before the last rotation. */
  sealed_previous: string | null
  /** Until when the previous secret signs too. */
  previous_until: number | null
  disabled_at: number | null
  disabled_reason: 'requested' | 'gone' | null
  /** A deleted endpoint is kept until its deliveries are removed. */
  deleted_at: number | null
  created_at: number
}

/** One row for each event and each endpoint that gets it, written in the transaction of what the event tells. */
export interface WebhookDeliveriesTable {
  account_id: string
  endpoint_id: string
  event_id: string
  type: WebhookType
  /** Events of one subject are delivered in order. */
  subject: string
  /** JSON, as it is sent. */
  payload: string
  /** The trace of the decision, if it belongs to one. */
  traceparent: string | null
  state: DeliveryState
  created_at: number
  attempts: number
  /** While an attempt is under way, the end of its lease. */
  next_attempt_at: number
  /** A delivery that is still pending then becomes dead. */
  give_up_at: number
  /** Of the attempt that is under way. */
  lease: string | null
  last_attempt_at: number | null
  last_status: number | null
  last_result: string | null
  /** Null while it is pending. */
  expires_at: number | null
}
