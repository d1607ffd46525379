import { type Kysely, sql } from '../kysely.js'
import { secureTable } from './secure-postgres.js'

/** Until when a client key is in observe mode, and the origins that got sessions meanwhile without being allowed. */
export async function addObserveMode(db: Kysely<unknown>): Promise<void> {
  await db.schema.alterTable('client_keys').addColumn('observe_until', 'bigint').execute()
  await db.schema
    .createIndex('client_keys_observe_until')
    .on('client_keys')
    .column('observe_until')
    .where(sql.ref('observe_until'), 'is not', null)
    .execute()
  await db.schema
    .createTable('observed_origins')
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('client_key_id', 'text', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('observed_origins_pk', ['account_id', 'client_key_id', 'origin'])
    .execute()
  await secureTable(db, 'observed_origins')
}
