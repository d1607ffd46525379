import { createHmac } from 'node:crypto'
import { formatUuid } from '../ids.js'

/** HMAC-SHA-256, base64url: finds a secret without storing it. */
export function keyedHash(key: Buffer, value: string): string {
  return createHmac('sha256', key).update(value).digest('base64url')
}

/** A UUID (version 8, RFC 9562) derived from a value: the same value gives the same UUID, and it can't be reversed. */
export function derivedUuid(key: Buffer, value: string): string {
  return formatUuid(createHmac('sha256', key).update(value).digest(), 8)
}
