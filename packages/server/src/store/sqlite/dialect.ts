import type { Deadline } from '../../deadline.js'
import { setDirectRun } from '../direct-runs.js'
import { type Dialect, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from '../kysely.js'
import { createSqliteDriver, type SqliteDriver } from './driver.js'
import { createReadTurns } from './read-turn.js'
import type { Sqlite } from './sqlite.js'

/** Kysely's view of an open SQLite database. */
export const createSqliteDialect = (sqlite: Sqlite, reads = createReadTurns(sqlite)): Dialect =>
  dialectOf(createSqliteDriver(sqlite, reads))

/** The database as one call sees it, whose statements alone run until its deadline. */
export function dialectOf(driver: SqliteDriver, deadline?: Deadline): Dialect {
  // SQLite supports this although Kysely doesn't say so: an interrupted migration leaves nothing behind
  const adapter = Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true })
  setDirectRun(adapter, driver.runAloneUntil(deadline))
  return {
    createDriver: () => driver,
    createAdapter: () => adapter,
    createQueryCompiler: () => new SqliteQueryCompiler(),
    createIntrospector: (db) => new SqliteIntrospector(db),
  }
}
