import { type Kysely, sql } from '../kysely.js'
import { secureTable } from './secure-postgres.js'

/** Migration 0013: audit entries are chained. Earlier entries have no `seq`. */
export async function createAuditChains(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema.alterTable('audit_entries').addColumn('seq', 'bigint').execute()
  await schema.alterTable('audit_entries').addColumn('key_id', 'text').execute()
  await schema.alterTable('audit_entries').addColumn('mac', 'text').execute()
  await schema.createIndex('audit_entries_account_id_seq').on('audit_entries').columns(['account_id', 'seq']).execute()
  await schema
    .createIndex('audit_entries_unchained')
    .on('audit_entries')
    .column('account_id')
    .where(sql.ref('seq'), 'is', null)
    .execute()
  await schema
    .createTable('audit_heads')
    .addColumn('chain', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text')
    .addColumn('seq', 'bigint', (c) => c.notNull())
    .addColumn('link', 'text', (c) => c.notNull())
    .addColumn('removed_seq', 'bigint', (c) => c.notNull())
    .addColumn('removed_link', 'text', (c) => c.notNull())
    .addColumn('broken_at', 'bigint')
    .addColumn('key_id', 'text', (c) => c.notNull())
    .addColumn('mac', 'text', (c) => c.notNull())
    .execute()
  await secureTable(db, 'audit_heads')
}
