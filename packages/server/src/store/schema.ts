import type { Reason } from '@hallpass/contracts'
import type { Generated } from './kysely.js'

/** The tables. Times are milliseconds since the epoch; booleans are 0 or 1; `*_hash` and `sealed_*` are unreadable without the master key. */
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
  /** The account at the top of its tree; null for one that a server of an older version added. */
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
  /** The key that replaced it by a rotation. */
  successor_id: string | null
  /** Null for a key that is short, or older than hints. */
  hint: string | null
  /** Over the columns that decide what the key can do; see row-guard. */
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
  disabled: number
  /** Since when it is disabled, in milliseconds; null while it is not. */
  disabled_at: number | null
  agent: string
  branding: string
  copy: string
  locale: string
  supported_locales: string
  guest_per_minute: number | null
  guest_per_minute_total: number | null
  /** Over the columns that decide what the key can do; see row-guard. */
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

/** What the last import of a fixture said of a record. */
interface ImportedRecordsTable {
  account_id: string
  kind: string
  record_id: string
  /** JSON. */
  fields: string
}

interface SigningKeysTable {
  kid: string
  alg: 'EdDSA' | 'ES256'
  public_jwk: string
  sealed_private: string
  created_at: number
  /** From then on it signs, until a newer one does. */
  activates_at: number
}

/** A row says that a token was spent or revoked; a live token has none. */
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

/** How many names an account has added to its revocation feed of late; see revocation-counts. */
interface RevocationCountsTable {
  account_id: string
  /** How long the names stay in the feed. */
  lifetime: 'session' | 'bridge'
  /** The number of the current period, each as long as the lifetime. */
  period: number
  current: number
  /** Of the period before. */
  previous: number
}

/** A row appears with the first rotation or revocation; a session that was only minted has none. */
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
  /** The secret key that minted it; null for one that a server of an older version made. */
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

/** Why a call was refused. Without an account when nobody was known to have made it. */
interface RefusalsTable {
  id: string
  account_id: string | null
  request_id: string
  /** Of the caller's own Request-Id, which may hold anything. */
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

/** Who changed what. Without an account when it is the server's. */
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
  /** Its place in the chain of its account; null, like the next two, for an entry from before there were chains. */
  seq: number | null
  /** The key that `mac` was made with. */
  key_id: string | null
  /** Of this entry and of all before it in its chain. */
  mac: string | null
}

/** Where a chain of audit entries stands. `mac` is of all the other columns. */
interface AuditHeadsTable {
  /** The account's id; empty for the server's own. */
  chain: string
  account_id: string | null
  /** Of the newest entry; 0 before the first. */
  seq: number
  /** Stands for the newest entry and all before it. */
  link: string
  /** Of the newest entry that expired and was removed; 0 before the first. */
  removed_seq: number
  removed_link: string
  /** The first entry that was added after someone had changed the head; null when nobody has. */
  broken_at: number | null
  key_id: string
  mac: string
}

/** A row ends everything on the server that was issued up to `restored_at`. */
interface RestoresTable {
  restored_at: number
}

/** One row: no server on this database has used a later time, save in the last second. */
interface LatestTimeTable {
  id: number
  time: number
  /** By PostgreSQL's clock; null with SQLite, and where a server of an older version noted it. */
  noted_at: number | null
}

/** How often an account's calls of one operation came out one way in one minute. */
interface ActivityTable {
  account_id: string
  minute: number
  operation: string
  /** `ok`, or the reason of the refusal. */
  outcome: string
  calls: number
  expires_at: number
}
