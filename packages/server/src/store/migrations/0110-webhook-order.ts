import { type Kysely, sql } from '../kysely.js'
import { isPostgres } from '../scope.js'

/**
 * Deliveries have the order in which they were written, because ids come from the clocks of several servers. SQLite has
 * it without a column: its rowid. A delivery also knows the trace of its decision.
 */
export async function orderWebhooks(db: Kysely<unknown>): Promise<void> {
  const { schema } = db
  const columns = ['endpoint_id', 'subject']
  await schema.alterTable('webhook_deliveries').addColumn('traceparent', 'text').execute()
  if (isPostgres(db)) {
    await schema
      .alterTable('webhook_deliveries')
      .addColumn('seq', 'bigint', (c) => c.notNull().generatedAlwaysAsIdentity())
      .execute()
    columns.push('seq')
  }
  await schema.dropIndex('webhook_deliveries_order').execute()
  await schema
    .createIndex('webhook_deliveries_order')
    .on('webhook_deliveries')
    .columns(columns)
    .where(sql.ref('state'), '=', sql.lit('pending'))
    .execute()
}
