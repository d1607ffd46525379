import { createHmac } from 'node:crypto'

/** What is signed: the id and the body of an event, and the time of the attempt in seconds. */
interface Message {
  readonly id: string
  readonly timestamp: number
  readonly payload: string
}

const prefix = 'whsec_'

/** The headers of an attempt (Standard Webhooks 1.0.0), with a signature by each secret. */
export function webhookHeaders({ id, timestamp, payload }: Message, secrets: readonly string[]) {
  const sign = (secret: string) => {
    const key = Buffer.from(secret.slice(prefix.length), 'base64')
    return `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${payload}`).digest('base64')}`
  }
  return {
    'Content-Type': 'application/json',
    'User-Agent': 'hallpass',
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': secrets.map(sign).join(' '),
  }
}
