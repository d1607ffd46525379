import type { Kysely } from '../kysely.js'
import { secureTable } from './secure-postgres.js'

/** Tokens of declared kinds that are opaque or count their uses. */
export async function createKindTokens(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('kind_tokens')
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('token_key', 'text', (column) => column.notNull())
    .addColumn('jti', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('resource', 'text')
    .addColumn('actions', 'text', (column) => column.notNull())
    .addColumn('claims', 'text')
    .addColumn('api_key_id', 'text', (column) => column.notNull())
    .addColumn('uses_left', 'integer')
    .addColumn('start_by', 'bigint')
    .addColumn('first_used_at', 'bigint')
    .addColumn('issued_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('revoked_at', 'bigint')
    .addPrimaryKeyConstraint('kind_tokens_pk', ['account_id', 'token_key'])
    .execute()
  await db.schema.createIndex('kind_tokens_expires_at').on('kind_tokens').column('expires_at').execute()
  await secureTable(db, 'kind_tokens')
}
