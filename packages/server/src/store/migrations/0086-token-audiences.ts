import type { Kysely } from '../kysely.js'
import { secureTable } from './secure-postgres.js'

/** How the session tokens of a client key are made out, and the account that each audience belongs to. */
export async function createTokenAudiences(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('client_keys').addColumn('session_token', 'text').execute()
  await db.schema
    .createTable('token_audiences')
    .addColumn('audience', 'text', (column) => column.primaryKey())
    .addColumn('account_id', 'text', (column) => column.notNull())
    .execute()
  await secureTable(db, 'token_audiences')
}
