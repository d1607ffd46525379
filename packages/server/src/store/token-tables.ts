import type { CutoffScope, NameLifetime } from './feed-lifetimes.js'

/* What is known of tokens and sessions. Rows expire with them; see schema. */

/** A row means that a token was spent or revoked. An active token has no row. */
export interface TokenStatesTable {
  account_id: string
  kind: string
  jti: string
  state: 'spent' | 'revoked'
  decided_at: number
  expires_at: number
}

/** A row ends everything of its subject that began up to `not_before`. */
export interface CutoffsTable {
  account_id: string
  scope: CutoffScope
  subject: string
  not_before: number
  expires_at: number
}

/** How many names an account has recently added to its revocation feed; see revocation-counts. */
export interface RevocationCountsTable {
  account_id: string
  /** How long the names stay in the feed. */
  lifetime: NameLifetime
  /** The number of the current period. Each period is as long as the lifetime. */
  period: number
  current: number
  /** The count of the previous period. */
  previous: number
}

/** A row is added at the first rotation or revocation. A session that was only minted has none. */
export interface SessionsTable {
  account_id: string
  sid: string
  counter: number
  rotated_at: number | null
  revoked_at: number | null
  expires_at: number
}

export interface CardTokensTable {
  account_id: string
  token_hash: string
  jti: string
  card_id: string
  /** The secret key that minted it. Null if a server of an older version did. */
  api_key_id: string | null
  widget_type: 'ACTIVATE' | 'GET_PIN' | 'REVEAL' | 'SET_PIN'
  issued_at: number
  expires_at: number
  redeemed_at: number | null
  revoked_at: number | null
}

/** A token of a declared kind that is opaque or counts its uses. */
export interface KindTokensTable {
  account_id: string
  /** The keyed hash of an opaque token, or the jti of a JWT. */
  token_key: string
  jti: string
  kind: string
  revision: number
  subject: string
  resource: string | null
  /** JSON. */
  actions: string
  /** JSON. Null for none. */
  claims: string | null
  /** The secret key that minted it. Null if a page did. */
  api_key_id: string | null
  /** The client key of the page that minted it. Null if a secret key did. */
  client_key_id: string | null
  /** Null for any number of uses. */
  uses_left: number | null
  /** The first use must come before this time. Null for no such limit. */
  start_by: number | null
  first_used_at: number | null
  issued_at: number
  expires_at: number
  revoked_at: number | null
}

export interface IdempotencyKeysTable {
  account_id: string
  acting_account_id: string
  operation: string
  key_hash: string
  fingerprint: string
  claim_id: string
  lease_until: number
  sealed_answer: string | null
  expires_at: number
}
