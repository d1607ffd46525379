import { Kysely } from '../kysely.js'
import type { Database } from '../schema.js'
import { createSqliteDialect } from '../sqlite/dialect.js'
import { openSqliteFile } from '../sqlite/open-file.js'
import { migrate } from './migrate.js'
import { schemaOf } from './schema-of.js'

/**
 * The tables and columns that a database lacks although all migrations were applied to it. Someone changed them, or a
 * migration was edited after it had been applied.
 */
export async function findMissingColumns(db: Kysely<Database>): Promise<readonly string[]> {
  const [expected, found] = await Promise.all([expectedColumns(), columnsOf(db)])
  return [...expected].filter((column) => !found.has(column))
}

/** What every kind of database has; PostgreSQL has more. */
async function expectedColumns(): Promise<ReadonlySet<string>> {
  const db = new Kysely<Database>({ dialect: createSqliteDialect(openSqliteFile(':memory:')) })
  try {
    await migrate(db)
    return await columnsOf(db)
  } finally {
    await db.destroy()
  }
}

async function columnsOf(db: Kysely<Database>): Promise<ReadonlySet<string>> {
  const schema = await schemaOf(db)
  const tables = await db.introspection.getTables()
  const own = tables.filter((table) => table.schema === undefined || table.schema === schema)
  return new Set(own.flatMap(({ name, columns }) => columns.map((column) => `${name}.${column.name}`)))
}
