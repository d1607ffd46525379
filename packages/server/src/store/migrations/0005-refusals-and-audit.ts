import type { Kysely } from '../kysely.js'
import { secureTable } from './secure-postgres.js'

/** Migration 0005: the refusals of the last day, and the audit log. */
export async function createHistoryTables(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('refusals')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text')
    .addColumn('request_id', 'text', (c) => c.notNull())
    .addColumn('sent_id_hash', 'text')
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('operation', 'text')
    .addColumn('reason', 'text', (c) => c.notNull())
    .addColumn('rule', 'text', (c) => c.notNull())
    .addColumn('seen', 'text')
    .addColumn('fix', 'text', (c) => c.notNull())
    .addColumn('api_key_id', 'text')
    .addColumn('client_key_id', 'text')
    .execute()
  await schema
    .createTable('audit_entries')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text')
    .addColumn('at', 'bigint', (c) => c.notNull())
    .addColumn('operation', 'text', (c) => c.notNull())
    .addColumn('request_id', 'text')
    .addColumn('api_key_id', 'text')
    .addColumn('api_key_account_id', 'text')
    .addColumn('target_id', 'text')
    .addColumn('changes', 'text', (c) => c.notNull())
    .addColumn('expires_at', 'bigint', (c) => c.notNull())
    .execute()
  for (const [table, columns] of [
    ['refusals', ['account_id', 'id']],
    ['refusals', ['request_id']],
    ['refusals', ['sent_id_hash']],
    ['refusals', ['at']],
    ['audit_entries', ['account_id', 'id']],
    ['audit_entries', ['expires_at']],
  ] as const) {
    await schema
      .createIndex(`${table}_${columns.join('_')}`)
      .on(table)
      .columns([...columns])
      .execute()
  }
  for (const table of ['refusals', 'audit_entries']) await secureTable(db, table)
}
