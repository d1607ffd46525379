import type { Kysely } from '../kysely.js'
import { secureTable } from './secure-postgres.js'

/** How often pages of an origin called with a client key in an hour, and whether its allowlist allowed them. */
export async function createOriginCounts(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('origin_counts')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('client_key_id', 'text', (c) => c.notNull())
    .addColumn('hour', 'bigint', (c) => c.notNull())
    .addColumn('origin', 'text', (c) => c.notNull())
    .addColumn('outcome', 'text', (c) => c.notNull())
    .addColumn('calls', 'integer', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .addPrimaryKeyConstraint('origin_counts_pk', ['account_id', 'client_key_id', 'hour', 'origin', 'outcome'])
    .execute()
  await schema.createIndex('origin_counts_expires_at').on('origin_counts').column('expires_at').execute()
  await secureTable(db, 'origin_counts')
}
