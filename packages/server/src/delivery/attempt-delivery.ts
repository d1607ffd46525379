import type { Clock } from '../clock.js'
import type { DataKeyRing } from '../crypto/data-key-ring.js'
import { dataKeyIdOf } from '../crypto/numbered-seal.js'
import { type OutboundDeps, OutboundFailure, sendOutbound } from '../outbound/send-outbound.js'
import type { DueEndpoint, WebhookAttempt } from '../store/queries/webhook-queue.js'
import { openWebhookSecret } from '../webhooks/webhook-secret.js'
import { type Answer, resultOfStatus } from './judge-answer.js'
import { webhookHeaders } from './sign-webhook.js'

/** For name resolution, connection, request and response together. */
export const attemptMilliseconds = 10_000
/** A response has nothing to say but its status. */
const maxBytes = 65_536

export interface AttemptDeps {
  readonly clock: Pick<Clock, 'now'>
  readonly dataKeys: Pick<DataKeyRing, 'byId' | 'learn'>
  readonly outbound: OutboundDeps
  readonly stopping: AbortSignal
}

const failures = { forbidden: 'forbidden_address', timeout: 'timeout', failed: 'connection_failed' } as const

/** Sends an event once. Never throws. */
export async function attemptDelivery(
  { clock, dataKeys, outbound, stopping }: AttemptDeps,
  endpoint: DueEndpoint,
  { event_id: id, payload, traceparent }: WebhookAttempt,
): Promise<Answer> {
  const secrets = await openSecrets(dataKeys, endpoint, clock.now())
  if (secrets.length === 0) return { result: 'unreadable_secret', status: null }
  const signed = webhookHeaders({ id, timestamp: Math.floor(clock.now() / 1000), payload }, secrets)
  const headers = traceparent === null ? signed : { ...signed, traceparent }
  const options = { method: 'POST', maxMilliseconds: attemptMilliseconds, maxBytes, signal: stopping } as const
  try {
    const { status, headers: received } = await sendOutbound(outbound, {
      ...options,
      url: endpoint.url,
      headers,
      body: payload,
    })
    const after = received['retry-after']
    return { result: resultOfStatus(status), status, retryAfter: typeof after === 'string' ? after : undefined }
  } catch (cause) {
    if (stopping.aborted) return { result: 'interrupted', status: null }
    return { result: cause instanceof OutboundFailure ? failures[cause.kind] : 'connection_failed', status: null }
  }
}

/** The secret, and the previous one during the overlap of a rotation. */
async function openSecrets(
  dataKeys: AttemptDeps['dataKeys'],
  { id, sealed_secret, sealed_previous, previous_until }: DueEndpoint,
  now: number,
): Promise<string[]> {
  const isOverlapping = sealed_previous !== null && previous_until !== null && previous_until > now
  const opened: string[] = []
  for (const sealed of [sealed_secret, ...(isOverlapping ? [sealed_previous] : [])]) {
    await dataKeys.learn(dataKeyIdOf(sealed)).catch(() => {})
    const secret = openWebhookSecret(dataKeys, id, sealed)
    if (secret !== undefined) opened.push(secret)
  }
  return opened
}
