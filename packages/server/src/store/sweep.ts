import { type Kysely, sql } from 'kysely'
import type { Database } from './schema.js'

const keyColumns = {
  token_states: ['account_id', 'kind', 'jti'],
  cut_offs: ['account_id', 'scope', 'subject'],
  sessions: ['account_id', 'sid'],
  card_tokens: ['account_id', 'token_hash'],
  idempotency_keys: ['account_id', 'acting_account_id', 'operation', 'key_hash'],
  audit_entries: ['id'],
  activity: ['account_id', 'minute', 'operation', 'outcome'],
} as const

export function sweepQueries(db: Kysely<Database>) {
  return {
    /** Deletes at most `batch` rows of each table that expired by `before` (milliseconds); returns how many went. */
    async sweepExpired(before: number, batch: number): Promise<number> {
      let swept = 0
      for (const [name, columns] of Object.entries(keyColumns)) {
        const table = sql.table(name)
        const key = sql.join(columns.map((column) => sql.ref(column)))
        const expired = sql`select ${key} from ${table} where expires_at <= ${before} limit ${batch}`
        const result = await sql`delete from ${table} where (${key}) in (${expired})`.execute(db)
        swept += Number(result.numAffectedRows ?? 0)
      }
      return swept
    },
  }
}
