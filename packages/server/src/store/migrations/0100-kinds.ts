import { type Kysely, sql } from '../kysely.js'
import { isPostgres } from '../scope.js'
import { secureTable } from './secure-postgres.js'

/** Declared kinds of tokens, and the kind that each audience belongs to. */
export async function createKinds(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable('kinds')
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('revision', 'integer', (column) => column.notNull())
    .addColumn('form', 'text', (column) => column.notNull())
    .addColumn('audience', 'text', (column) => column.notNull())
    .addColumn('typ', 'text', (column) => column.notNull())
    .addColumn('max_ttl_seconds', 'integer', (column) => column.notNull())
    .addColumn('declaration', 'text', (column) => column.notNull())
    .addColumn('disabled_at', 'bigint')
    .addPrimaryKeyConstraint('kinds_pk', ['account_id', 'name'])
    .execute()
  await secureTable(db, 'kinds')
  await db.schema.alterTable('token_audiences').addColumn('kind', 'text').execute()
  if (!isPostgres(db)) return
  await sql`create trigger hallpass_changes after insert or update or delete on kinds
    for each statement execute function hallpass_notify()`.execute(db)
}
