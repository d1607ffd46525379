import { feedLifetimes } from '../store/feed-lifetimes.js'
import type { RevocationSource } from '../store/queries/revocations.js'

/** How far back the rows of a source still matter. */
export const lifetimeOfSource: Record<RevocationSource, number> = {
  cut_offs: feedLifetimes.declared,
  client_keys: feedLifetimes.declared,
  sessions: feedLifetimes.session,
  tokens: feedLifetimes.bridge,
  declared_tokens: feedLifetimes.declared,
}
