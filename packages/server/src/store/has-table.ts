import { type Kysely, sql } from './kysely.js'
import type { Database } from './schema.js'
import { isPostgres } from './scope.js'

/** Whether a database has this table; on PostgreSQL, whether the schema does that comes first in the search_path. */
export async function hasTable(db: Kysely<Database>, name: string): Promise<boolean> {
  const found = isPostgres(db)
    ? sql`select to_regclass(quote_ident(current_schema()) || '.' || quote_ident(${name}::text)) as name`
    : sql`select name from sqlite_master where name = ${name}`
  const { rows } = await sql<{ name: string | null }>`${found}`.execute(db)
  return rows.some((row) => row.name !== null)
}
