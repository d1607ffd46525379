import { createHmac } from 'node:crypto'
import { formatUuid } from '../ids.js'

/** HMAC-SHA-256, base64url: finds a secret again without keeping it. */
export function keyedHash(key: Buffer, value: string): string {
  return createHmac('sha256', key).update(value).digest('base64url')
}

/** A UUID (version 8, RFC 9562) that follows from a value: the same value, the same UUID, and no way back. */
export function derivedUuid(key: Buffer, value: string): string {
  return formatUuid(createHmac('sha256', key).update(value).digest(), 8)
}
