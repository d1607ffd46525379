import type { IdempotencyPolicy } from './operation.js'

const day = 86_400

/** The Bridge API: 10 to 40 characters, remembered for 24 h. */
export const bridgeIdempotency: IdempotencyPolicy = {
  keyPattern: /^[\x20-\x7e]{10,40}$/,
  keyDescription: '10 to 40 printable ASCII characters; a retry within 24 hours gets the same response',
  ttlSeconds: day,
}

/** The Card API: 1 to 255 characters, remembered for 7 days. */
export const cardIdempotency: IdempotencyPolicy = {
  keyPattern: /^[\x20-\x7e]{1,255}$/,
  keyDescription: '1 to 255 printable ASCII characters; a retry within 7 days gets the same response',
  ttlSeconds: 7 * day,
}

const oneDay = {
  keyDescription: '1 to 255 printable ASCII characters; a retry within 24 hours gets the same response',
  ttlSeconds: day,
}

/** A redeem whose response got lost can be retried for 24 hours. */
export const redeemIdempotency: IdempotencyPolicy = { ...cardIdempotency, ...oneDay }

/** A retried creation returns the same record, including its secret, for 24 hours. */
export const adminIdempotency: IdempotencyPolicy = { ...cardIdempotency, ...oneDay }

/** For responses that contain a new secret key: only the calling key can get them again. */
export const secretIdempotency: IdempotencyPolicy = {
  ...adminIdempotency,
  keyDescription: `${oneDay.keyDescription}, if it comes from the same secret key`,
  sameKeyOnly: true,
}
