import { type Kysely, sql } from '../kysely.js'
import { isPostgres } from '../scope.js'
import { secureTable } from './secure-postgres.js'

/** Webhook endpoints, and one row for each event that an endpoint gets. */
export async function createWebhooks(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  await schema
    .createTable('webhook_endpoints')
    .addColumn('id', 'text', (c) => c.primaryKey())
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('url', 'text', (c) => c.notNull())
    .addColumn('event_types', 'text', (c) => c.notNull())
    .addColumn('description', 'text', (c) => c.notNull())
    .addColumn('sealed_secret', 'text', (c) => c.notNull())
    .addColumn('sealed_previous', 'text')
    .addColumn('previous_until', 'bigint')
    .addColumn('disabled_at', 'bigint')
    .addColumn('disabled_reason', 'text')
    .addColumn('deleted_at', 'bigint')
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .execute()
  await schema
    .createIndex('webhook_endpoints_account_id')
    .on('webhook_endpoints')
    .columns(['account_id', 'id'])
    .execute()
  await schema
    .createTable('webhook_deliveries')
    .addColumn('account_id', 'text', (c) => c.notNull())
    .addColumn('endpoint_id', 'text', (c) => c.notNull())
    .addColumn('event_id', 'text', (c) => c.notNull())
    .addColumn('type', 'text', (c) => c.notNull())
    .addColumn('subject', 'text', (c) => c.notNull())
    .addColumn('payload', 'text', (c) => c.notNull())
    .addColumn('state', 'text', (c) => c.notNull())
    .addColumn('created_at', 'bigint', (c) => c.notNull())
    .addColumn('attempts', 'integer', (c) => c.notNull())
    .addColumn('next_attempt_at', 'bigint', (c) => c.notNull())
    .addColumn('give_up_at', 'bigint', (c) => c.notNull())
    .addColumn('lease', 'text')
    .addColumn('last_attempt_at', 'bigint')
    .addColumn('last_status', 'integer')
    .addColumn('last_result', 'text')
    .addColumn('expires_at', 'bigint')
    .addPrimaryKeyConstraint('webhook_deliveries_pk', ['endpoint_id', 'event_id'])
    .execute()
  const index = (name: string, columns: string[]) =>
    schema.createIndex(`webhook_deliveries_${name}`).on('webhook_deliveries').columns(columns)
  const isPending = [sql.ref('state'), '=', sql.lit('pending')] as const
  await index('due', ['endpoint_id', 'next_attempt_at'])
    .where(...isPending)
    .execute()
  await index('order', ['endpoint_id', 'subject', 'event_id'])
    .where(...isPending)
    .execute()
  await index('state', ['endpoint_id', 'state', 'event_id']).execute()
  await index('expires_at', ['expires_at']).execute()
  await secureTable(db, 'webhook_endpoints')
  await secureTable(db, 'webhook_deliveries')
  if (!isPostgres(db)) return
  await sql`create trigger hallpass_changes after insert or update or delete on webhook_endpoints
    for each statement execute function hallpass_notify()`.execute(db)
}
