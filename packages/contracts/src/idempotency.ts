import type { IdempotencyPolicy } from './operation.js'

const day = 86_400

/** The Bridge API: 10 to 40 characters, remembered for 24 h. */
export const bridgeIdempotency: IdempotencyPolicy = {
  keyPattern: /^[\x20-\x7e]{10,40}$/,
  keyDescription: '10 to 40 printable ASCII characters; a repeat within 24 hours gets the same answer',
  ttlSeconds: day,
}

/** The Card API: 1 to 255 characters, remembered for 7 days. */
export const cardIdempotency: IdempotencyPolicy = {
  keyPattern: /^[\x20-\x7e]{1,255}$/,
  keyDescription: '1 to 255 printable ASCII characters; a repeat within 7 days gets the same answer',
  ttlSeconds: 7 * day,
}

const oneDay = {
  keyDescription: '1 to 255 printable ASCII characters; a repeat within 24 hours gets the same answer',
  ttlSeconds: day,
}

/** Wire 4: the winner's lost answer can be had again for 24 h. */
export const redeemIdempotency: IdempotencyPolicy = { ...cardIdempotency, ...oneDay }

/** A repeated creation gives the same thing, its secret included, for 24 h. */
export const adminIdempotency: IdempotencyPolicy = { ...cardIdempotency, ...oneDay }

/** The same for an answer that holds a new secret key: only the key that asked for it gets it again. */
export const secretIdempotency: IdempotencyPolicy = {
  ...adminIdempotency,
  keyDescription: `${oneDay.keyDescription}, if it comes from the same secret key`,
  sameKeyOnly: true,
}
