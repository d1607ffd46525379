import { feedLifetimes } from '../store/feed-lifetimes.js'
import type { RevocationSource } from '../store/queries/revocations.js'

/** Cutoffs that also end bridge tokens. */
const endBridgeTokens: ReadonlySet<string> = new Set(['account', 'customer', 'api_key'])

export const lifetimeOfCutoff = (scope: string): number =>
  endBridgeTokens.has(scope) ? feedLifetimes.bridge : feedLifetimes.session

/** How far back the rows of a source still matter. */
export const lifetimeOfSource: Record<RevocationSource, number> = {
  cut_offs: feedLifetimes.bridge,
  client_keys: feedLifetimes.session,
  sessions: feedLifetimes.session,
  tokens: feedLifetimes.bridge,
}
