import type { TokenAlg } from '@hallpass/contracts'
import type {
  ActivityTable,
  AuditEntriesTable,
  AuditHeadsTable,
  OriginCountsTable,
  RefusalsTable,
} from './history-tables.js'
import type { Generated } from './kysely.js'
import type {
  CardTokensTable,
  CutoffsTable,
  IdempotencyKeysTable,
  KindTokensTable,
  RevocationCountsTable,
  SessionsTable,
  TokenStatesTable,
} from './token-tables.js'
import type { WebhookDeliveriesTable, WebhookEndpointsTable } from './webhook-tables.js'

/**
 * The tables. Times are milliseconds since the epoch. Booleans are 0 or 1. `*_hash` and `sealed_*` can't be read
 * without the master key.
 */
export interface Database {
  activity: ActivityTable
  origin_counts: OriginCountsTable
  settings: SettingsTable
  accounts: AccountsTable
  api_keys: ApiKeysTable
  client_keys: ClientKeysTable
  token_audiences: TokenAudiencesTable
  observed_origins: ObservedOriginsTable
  customers: CustomersTable
  cards: CardsTable
  kinds: KindsTable
  kind_tokens: KindTokensTable
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
  webhook_endpoints: WebhookEndpointsTable
  webhook_deliveries: WebhookDeliveriesTable
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
  /** When it was disabled, in milliseconds. Null if it is enabled. */
  disabled_at: number | null
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
  /** JSON: the audience and type of session tokens. Null for the standard ones. */
  session_token: string | null
  /** The algorithm of session tokens. Null for the server's. */
  session_alg: TokenAlg | null
  /** JSON: the identity providers whose tokens begin sessions. Null for none. */
  trusted_issuers: string | null
  disabled: number
  /** When it was disabled, in milliseconds. Null if it is enabled. */
  disabled_at: number | null
  /** Until when it is in observe mode, in milliseconds. Null if it is not. */
  observe_until: number | null
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

/** An origin that got sessions in observe mode without being allowed. */
interface ObservedOriginsTable {
  account_id: string
  client_key_id: string
  origin: string
  seen_at: number
}

/** The audiences of session tokens, each of one account, also after its client keys no longer use it. */
interface TokenAudiencesTable {
  audience: string
  /** Empty if kinds of any account share it. */
  account_id: string
  /** The declared kind whose tokens have it. Null for session tokens. */
  kind: string | null
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

/** A declared kind of token. */
export interface KindsTable {
  account_id: string
  name: string
  revision: number
  form: 'jwt' | 'opaque'
  audience: string
  typ: string
  max_ttl_seconds: number
  /** JSON: the whole declaration. */
  declaration: string
  /** When it was disabled, in milliseconds. Null if it is enabled. */
  disabled_at: number | null
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
  /** 1 if it signs only for client keys with its algorithm. Null if it is the server's own. */
  for_client_keys: 1 | null
  /** Since when no client key has its algorithm, in milliseconds. Null if one has. */
  unused_since: number | null
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
