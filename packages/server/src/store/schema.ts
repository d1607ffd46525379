import type { Reason, TokenAlg } from '@hallpass/contracts'
import type { Generated } from './kysely.js'

/**
 * The tables. Times are milliseconds since the epoch. Booleans are 0 or 1. `*_hash` and `sealed_*` can't be read
 * without the master key.
 */
export interface Database {
  activity: ActivityTable
  settings: SettingsTable
  accounts: AccountsTable
  api_keys: ApiKeysTable
  client_keys: ClientKeysTable
  customers: CustomersTable
  cards: CardsTable
  imported_records: ImportedRecordsTable
  signing_keys: SigningKeysTable
  token_states: TokenStatesTable
  cut_offs: CutoffsTable
  revocation_counts: RevocationCountsTable
  sessions: SessionsTable
  card_tokens: CardTokensTable
  idempotency_keys: IdempotencyKeysTable
  refusals: RefusalsTable
  audit_entries: AuditEntriesTable
  audit_heads: AuditHeadsTable
  restores: RestoresTable
  latest_time: LatestTimeTable
}

interface SettingsTable {
  name: string
  value: string
}

interface AccountsTable {
  id: string
  name: string
  tenant: string
  environment: 'sandbox' | 'production'
  parent_id: string | null
  requests_per_second: number | null
  requests_per_second_per_key: number | null
  /** The account at the top of its tree. Null if a server of an older version added the account. */
  root_id: string | null
  /** 1 if another account of the tree had the same label before labels were unique. */
  tenant_shared: Generated<number>
}

interface ApiKeysTable {
  id: string
  account_id: string
  name: string
  secret_hash: string
  scopes: string
  disabled: number
  created_at: number
  expires_at: number | null
  /** A date, such as 2026-11-21. */
  last_used_on: string | null
  /** The key that replaced it in a rotation. */
  successor_id: string | null
  /** Null for a short key, or one from before hints existed. */
  hint: string | null
  /** A MAC over the columns that control what the key can do; see row-guard. */
  mac: string | null
}

interface ClientKeysTable {
  id: string
  account_id: string
  name: string
  client_key: string
  origin_allowlist: string
  auth_mode: 'guest' | 'user' | 'both'
  widget_enabled: number
  /** Null means off. */
  bind: 'prefer' | 'require' | null
  disabled: number
  /** When it was disabled, in milliseconds. Null if it is enabled. */
  disabled_at: number | null
  agent: string
  branding: string
  copy: string
  locale: string
  supported_locales: string
  guest_per_minute: number | null
  guest_per_minute_total: number | null
  /** A MAC over the columns that control what the key can do; see row-guard. */
  mac: string | null
}

interface CustomersTable {
  account_id: string
  id: string
  name: string
  status: 'verified' | 'pending' | 'review' | 'rejected' | 'inactive'
}

interface CardsTable {
  account_id: string
  id: string
  customer_id: string
  status: 'UNACTIVATED' | 'ACTIVE' | 'SUSPENDED' | 'TERMINATED'
  last_four: string | null
}

/** What the last import of a fixture contained for a record. */
interface ImportedRecordsTable {
  account_id: string
  kind: string
  record_id: string
  /** JSON. */
  fields: string
}

interface SigningKeysTable {
  kid: string
  alg: TokenAlg
  public_jwk: string
  sealed_private: string
  created_at: number
  /** It signs from this time, until a newer key does. */
  activates_at: number
}

/** A row means that a token was spent or revoked. An active token has no row. */
interface TokenStatesTable {
  account_id: string
  kind: string
  jti: string
  state: 'spent' | 'revoked'
  decided_at: number
  expires_at: number
}

/** A row ends everything of its subject that began up to `not_before`. */
interface CutoffsTable {
  account_id: string
  scope: 'account' | 'client_key' | 'visitor' | 'user' | 'customer' | 'card' | 'api_key'
  subject: string
  not_before: number
  expires_at: number
}

/** How many names an account has recently added to its revocation feed; see revocation-counts. */
interface RevocationCountsTable {
  account_id: string
  /** How long the names stay in the feed. */
  lifetime: 'session' | 'bridge'
  /** The number of the current period. Each period is as long as the lifetime. */
  period: number
  current: number
  /** The count of the previous period. */
  previous: number
}

/** A row is added at the first rotation or revocation. A session that was only minted has none. */
interface SessionsTable {
  account_id: string
  sid: string
  counter: number
  rotated_at: number | null
  revoked_at: number | null
  expires_at: number
}

interface CardTokensTable {
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

interface IdempotencyKeysTable {
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

/** Why a call was refused. Without an account if the caller is unknown. */
interface RefusalsTable {
  id: string
  account_id: string | null
  request_id: string
  /** The hash of the caller's own Request-Id, which may contain anything. */
  sent_id_hash: string | null
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
interface AuditEntriesTable {
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
interface AuditHeadsTable {
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

/** A row invalidates everything on the server that was issued up to `restored_at`. */
interface RestoresTable {
  restored_at: number
}

/** One row: no server on this database has used a later time, except in the last second. */
interface LatestTimeTable {
  id: number
  time: number
  /** By PostgreSQL's clock. Null with SQLite, and if a server of an older version noted it. */
  noted_at: number | null
}

/** How often an account's calls of one operation had one outcome in one minute. */
interface ActivityTable {
  account_id: string
  minute: number
  operation: string
  /** `ok`, or the reason of the refusal. */
  outcome: string
  calls: number
  expires_at: number
}
