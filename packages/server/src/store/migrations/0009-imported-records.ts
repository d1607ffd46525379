import type { Kysely } from '../kysely.js'
import { secureTable } from './secure-postgres.js'

/** What the last import of a fixture contained for each record. */
export async function createImportedRecords(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('imported_records')
    .addColumn('account_id', 'text', (c) => c.notNull().references('accounts.id'))
    .addColumn('kind', 'text', (c) => c.notNull())
    .addColumn('record_id', 'text', (c) => c.notNull())
    .addColumn('fields', 'text', (c) => c.notNull())
    .addPrimaryKeyConstraint('imported_records_pk', ['account_id', 'kind', 'record_id'])
    .execute()
  await secureTable(db, 'imported_records')
}
