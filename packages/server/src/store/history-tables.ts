import type { Reason } from '@hallpass/contracts'

/* What happened: refusals, changes and calls. Rows expire; see schema. */

/** Why a call was refused. Without an account if the caller is unknown. */
export interface RefusalsTable {
  id: string
  account_id: string | null
  request_id: string
  /** The hash of the caller's own Request-Id, which may contain anything. */
  sent_id_hash: string | null
  trace_id: string | null
  at: number
  operation: string | null
  reason: Reason
  rule: string
  seen: string | null
  fix: string
  api_key_id: string | null
  client_key_id: string | null
}

/** Who changed what. Without an account for a change of the server. */
export interface AuditEntriesTable {
  id: string
  account_id: string | null
  at: number
  operation: string
  request_id: string | null
  api_key_id: string | null
  api_key_account_id: string | null
  target_id: string | null
  /** JSON. */
  changes: string
  expires_at: number
  /**
   * Its position in the chain of its account. Null, like the next two columns, for an entry from before chains existed.
   */
  seq: number | null
  /** The key that made `mac`. */
  key_id: string | null
  /** A hash of this entry and of all entries before it in its chain. */
  mac: string | null
}

/** The state of a chain of audit entries. `mac` covers all the other columns. */
export interface AuditHeadsTable {
  /** The account's id. Empty for the server's own chain. */
  chain: string
  account_id: string | null
  /** The position of the newest entry. 0 before the first. */
  seq: number
  /** A hash of the newest entry and all entries before it. */
  link: string
  /** The position of the newest expired entry that was removed. 0 before the first. */
  removed_seq: number
  removed_link: string
  /** The first entry that was added after someone had changed the head. Null if no one has. */
  broken_at: number | null
  key_id: string
  mac: string
}

/** How often an account's calls of one operation had one outcome in one minute. */
export interface ActivityTable {
  account_id: string
  minute: number
  operation: string
  /** `ok`, or the reason of the refusal. */
  outcome: string
  calls: number
  expires_at: number
}

/** How often pages of one origin called with a client key in one hour. */
export interface OriginCountsTable {
  account_id: string
  client_key_id: string
  hour: number
  /** Empty for the origins that are not counted separately. */
  origin: string
  outcome: 'allowed' | 'refused'
  calls: number
  expires_at: number
}
