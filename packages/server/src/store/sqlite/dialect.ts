import { setDirectRun } from '../direct-runs.js'
import { type Dialect, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from '../kysely.js'
import { createSqliteDriver } from './driver.js'
import { createReadTurns } from './read-turn.js'
import type { Sqlite } from './sqlite.js'

/** Kysely's view of an open SQLite database. */
export function createSqliteDialect(sqlite: Sqlite, reads = createReadTurns(sqlite)): Dialect {
  // SQLite supports this although Kysely doesn't say so: an interrupted migration leaves nothing behind
  const adapter = Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true })
  return {
    createDriver() {
      const driver = createSqliteDriver(sqlite, reads)
      setDirectRun(adapter, driver.runAlone)
      return driver
    },
    createAdapter: () => adapter,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}
