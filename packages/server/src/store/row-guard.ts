import { type Kysely, sql } from './kysely.js'
import type { settingQueries } from './queries/settings.js'
import type { Database } from './schema.js'
import { isPostgres, type Scopes } from './scope.js'

/** A row with a MAC over every column that controls what its key can do. */
export interface GuardedRow {
  readonly table: 'api_keys' | 'client_keys'
  readonly id: string
  readonly mac: string | null
  readonly content: string
}

type Settings = ReturnType<typeof settingQueries>

/** Distinguishes rows that a server wrote from rows that someone changed in the database. */
export interface RowGuard {
  readonly isGenuine: (row: GuardedRow, settings: Settings) => Promise<boolean>
  /** Returns a row's MAC, under a key that stays the newest until the transaction ends. */
  readonly sealIn: (tx: Settings) => Promise<(content: string) => string | null>
}

/** For a database that is only inspected, or whose MACs are not stored. */
export const noGuard: RowGuard = { isGenuine: async () => true, sealIn: async () => () => null }

type ApiKeyColumns = Pick<
  Database['api_keys'],
  'id' | 'account_id' | 'secret_hash' | 'scopes' | 'disabled' | 'expires_at'
>
type ClientKeyColumns = Pick<
  Database['client_keys'],
  | 'id'
  | 'account_id'
  | 'client_key'
  | 'origin_allowlist'
  | 'auth_mode'
  | 'widget_enabled'
  | 'disabled'
  | 'bind'
  | 'session_token'
  | 'session_alg'
  | 'trusted_issuers'
  | 'observe_until'
>

export function guardedApiKey(row: ApiKeyColumns & { readonly mac: string | null }): GuardedRow {
  const { id, account_id, secret_hash, scopes, disabled, expires_at, mac } = row
  const content = JSON.stringify(['api_key', id, account_id, secret_hash, scopes, disabled, expires_at])
  return { table: 'api_keys', id, mac, content }
}

export function guardedClientKey(row: ClientKeyColumns & { readonly mac: string | null }): GuardedRow {
  const {
    id,
    account_id,
    client_key,
    origin_allowlist,
    auth_mode,
    widget_enabled,
    disabled,
    bind,
    session_token,
    session_alg,
    trusted_issuers,
    observe_until,
    mac,
  } = row
  const columns = [id, account_id, client_key, origin_allowlist, auth_mode, widget_enabled, disabled]
  // absent if they are not set, so that the MACs of older rows stay valid
  if (bind !== null) columns.push(bind)
  if (session_token !== null) columns.push(session_token)
  if (session_alg !== null) columns.push(`alg ${session_alg}`)
  if (trusted_issuers !== null) columns.push(`issuers ${trusted_issuers}`)
  if (observe_until !== null) columns.push(`observe ${observe_until}`)
  return { table: 'client_keys', id, mac, content: JSON.stringify(['client_key', ...columns]) }
}

/** Runs in the current transaction, or in its own. */
export const inTransaction = <T>(db: Kysely<Database>, run: (trx: Kysely<Database>) => Promise<T>): Promise<T> =>
  db.isTransaction ? run(db) : db.transaction().execute(run)

export function rowGuardQueries({ unscoped }: Scopes) {
  return {
    /** Every row that has a MAC, or should have one. */
    async listGuardedRows(): Promise<GuardedRow[]> {
      const apiKeys = await unscoped.selectFrom('api_keys').selectAll().orderBy('id').execute()
      const clientKeys = await unscoped.selectFrom('client_keys').selectAll().orderBy('id').execute()
      return [...apiKeys.map(guardedApiKey), ...clientKeys.map(guardedClientKey)]
    },

    async writeRowMac({ table, id }: Pick<GuardedRow, 'table' | 'id'>, mac: string): Promise<void> {
      await unscoped.updateTable(table).set({ mac }).where('id', '=', id).execute()
    },

    /**
     * Waits for running writes of rows with MACs, and blocks new ones until this transaction ends. Such writes take
     * these locks in the same order.
     */
    async lockGuardedRows(): Promise<void> {
      if (isPostgres(unscoped)) await sql`lock table api_keys, client_keys in exclusive mode`.execute(unscoped)
    },
  }
}
