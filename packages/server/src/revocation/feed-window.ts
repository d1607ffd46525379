import { jwtKinds, leewaySeconds } from '@hallpass/contracts'
import type { RevocationSource } from '../store/revocations.js'

/** Beyond a token's life: clocks that differ, and a token that was signed while its session was revoked. */
const marginMilliseconds = (leewaySeconds + 60) * 1000

/** How long a revocation stays in the feed, in milliseconds: as long as a token that it ends could still be alive. */
export const feedLifetimes = {
  session: jwtKinds['widget-session'].ttlSeconds * 1000 + marginMilliseconds,
  bridge: jwtKinds.bridge.ttlSeconds * 1000 + marginMilliseconds,
} as const

/** Cutoffs that end bridge tokens too. */
const endBridgeTokens: ReadonlySet<string> = new Set(['account', 'customer', 'api_key'])

export const lifetimeOfCutoff = (scope: string): number =>
  endBridgeTokens.has(scope) ? feedLifetimes.bridge : feedLifetimes.session

/** How far back a source can say anything that still matters. */
export const lifetimeOfSource: Record<RevocationSource, number> = {
  cut_offs: feedLifetimes.bridge,
  client_keys: feedLifetimes.session,
  sessions: feedLifetimes.session,
  tokens: feedLifetimes.bridge,
}
