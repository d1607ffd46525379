import { StartError } from '../../errors.js'
import { type Kysely, sql } from '../kysely.js'
import type { Database } from '../schema.js'
import { isPostgres } from '../scope.js'

/** The schema for the tables: the first in the search_path. Undefined for SQLite. */
export async function schemaOf(db: Kysely<Database>): Promise<string | undefined> {
  if (!isPostgres(db)) return undefined
  const found = sql<{ schema: string; other: string | null }>`select current_schema() as schema, (
    select n.nspname from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.oid = to_regclass('token_states') and n.nspname <> current_schema()) as other`
  const { rows } = await found.execute(db)
  const { schema, other } = rows[0] ?? {}
  if (!other) return schema
  throw new StartError(
    `The database has tables of Hallpass in the schema ${other}, but the search_path of its user starts with ${schema}. Make it start with ${other}.`,
  )
}

/** Steps run in a transaction, but Kysely makes these tables before it. */
export async function removeMigrationTables(db: Kysely<Database>): Promise<void> {
  if (isPostgres(db)) await sql`drop table if exists kysely_migration, kysely_migration_lock`.execute(db)
}
