import { jwtKinds, leewaySeconds } from '@hallpass/contracts'

/** Added to a token's lifetime: clock differences, and a token that was signed while its session was being revoked. */
const marginMilliseconds = (leewaySeconds + 60) * 1000

/** How long a revocation stays in the feed, in milliseconds: as long as a token that it ends could still be valid. */
export const feedLifetimes = {
  session: jwtKinds['widget-session'].ttlSeconds * 1000 + marginMilliseconds,
  bridge: jwtKinds.bridge.ttlSeconds * 1000 + marginMilliseconds,
} as const
