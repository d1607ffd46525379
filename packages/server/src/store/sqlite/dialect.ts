import { type Dialect, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from '../kysely.js'
import { createSqliteDriver } from './driver.js'
import type { Sqlite } from './sqlite.js'

/** Kysely's view of an open SQLite database. */
export function createSqliteDialect(sqlite: Sqlite): Dialect {
  // SQLite supports this although Kysely doesn't say so: an interrupted migration leaves nothing behind
  const adapter = Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true })
  return {
    createDriver: () => createSqliteDriver(sqlite),
    createAdapter: () => adapter,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}
