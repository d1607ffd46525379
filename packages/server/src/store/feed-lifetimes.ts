import { jwtKinds, leewaySeconds, longestJwtSeconds } from '@hallpass/contracts'

/**
 * What a cutoff ends: everything that began before it and belongs to one account, client key, visitor, user, customer
 * or card, was minted by one secret key, or is a token of one declared kind, or of any for a subject or a resource.
 */
export type CutoffScope =
  | 'account'
  | 'client_key'
  | 'visitor'
  | 'user'
  | 'customer'
  | 'card'
  | 'api_key'
  | 'kind'
  | 'subject'
  | 'resource'

/** Added to a token's lifetime: clock differences, and a token that was signed while its session was being revoked. */
const marginMilliseconds = (leewaySeconds + 60) * 1000

/** How long a revocation stays in the feed, in milliseconds: as long as a token that it ends could still be valid. */
export const feedLifetimes = {
  session: jwtKinds['widget-session'].ttlSeconds * 1000 + marginMilliseconds,
  bridge: jwtKinds.bridge.ttlSeconds * 1000 + marginMilliseconds,
  declared: longestJwtSeconds * 1000 + marginMilliseconds,
} as const

/** Whose lifetime a revocation has in the feed: that of the tokens that live longest among those that it ends. */
export type NameLifetime = keyof typeof feedLifetimes

const ofScope: Readonly<Record<CutoffScope, NameLifetime>> = {
  account: 'declared',
  api_key: 'declared',
  kind: 'declared',
  subject: 'declared',
  resource: 'declared',
  client_key: 'declared',
  customer: 'bridge',
  visitor: 'session',
  user: 'session',
  // feeds don't name cards
  card: 'session',
}

export const lifetimeOfScope = (scope: CutoffScope): NameLifetime => ofScope[scope]
