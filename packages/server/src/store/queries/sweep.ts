import { sql } from '../kysely.js'
import { isPostgres, type Scopes } from '../scope.js'

const keyColumns = {
  token_states: ['account_id', 'kind', 'jti'],
  cut_offs: ['account_id', 'scope', 'subject'],
  sessions: ['account_id', 'sid'],
  card_tokens: ['account_id', 'token_hash'],
  kind_tokens: ['account_id', 'token_key'],
  idempotency_keys: ['account_id', 'acting_account_id', 'operation', 'key_hash'],
  activity: ['account_id', 'minute', 'operation', 'outcome'],
  webhook_deliveries: ['endpoint_id', 'event_id'],
  origin_counts: ['account_id', 'client_key_id', 'hour', 'origin', 'outcome'],
} as const

export function sweepQueries({ unscoped }: Scopes) {
  return {
    /**
     * Deletes at most `batch` rows of each table that expired by `before` (milliseconds). Returns the number of deleted
     * rows.
     */
    async sweepExpired(before: number, batch: number): Promise<number> {
      let swept = 0
      // replicas that sweep at the same time take different rows
      const locking = isPostgres(unscoped) ? sql`for update skip locked` : sql``
      for (const [name, columns] of Object.entries(keyColumns)) {
        const table = sql.table(name)
        const key = sql.join(columns.map((column) => sql.ref(column)))
        // without the order, PostgreSQL may expect to find enough rows sooner without the index, and read the whole table
        const oldest = sql`select ${key} from ${table} where expires_at <= ${before} order by expires_at limit ${batch}`
        const expired = sql`${oldest} ${locking}`
        const result = await sql`delete from ${table} where (${key}) in (${expired})`.execute(unscoped)
        swept += Number(result.numAffectedRows ?? 0)
      }
      return swept
    },
  }
}
