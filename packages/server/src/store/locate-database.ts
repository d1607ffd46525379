import { isMigrated, migrate } from './migrations.js'
import { lockSqlite, type OpenDatabase, openSqlite, sqlitePath } from './open-sqlite.js'
import { type Peeked, peekSqlite } from './peek-sqlite.js'

/** A database before it is opened. */
export interface DatabasePlace {
  readonly kind: 'memory' | 'file' | 'postgres'
  /** The absolute path of a SQLite file. */
  readonly path: string | undefined
  /** Keeps other servers off it, where only one can have it; returns the way to let them in again. */
  readonly lock: () => () => void
  /** Looks in and changes nothing. */
  readonly peek: (setting: string) => Promise<Peeked>
  /** Migrates and opens it. */
  readonly open: () => Promise<OpenDatabase>
}

export const isPostgresUrl = (url: string): boolean => /^postgres(ql)?:\/\//.test(url)

/** The database behind `file:…`, `:memory:` or `postgres://…`; of the last, at most this many connections are used. */
export function locateDatabase(url: string, connections: number): DatabasePlace {
  return isPostgresUrl(url) ? postgresPlace(url, connections) : sqlitePlace(sqlitePath(url))
}

function sqlitePlace(path: string | undefined): DatabasePlace {
  return {
    kind: path === undefined ? 'memory' : 'file',
    path,
    lock: () => lockSqlite(path),
    peek: async (setting) => peekSqlite(path, setting),
    open: () => openMigrated(openSqlite(path)),
  }
}

/** What speaks to PostgreSQL is loaded where there is one. */
function postgresPlace(url: string, connections: number): DatabasePlace {
  return {
    kind: 'postgres',
    path: undefined,
    lock: () => () => {},
    peek: async (setting) => (await import('./postgres/peek-postgres.js')).peekPostgres(url, setting),
    async open() {
      const { openPostgres, openPostgresToMigrate } = await import('./postgres/open-postgres.js')
      const database = openPostgres(url, connections)
      try {
        // migrations wait for one another, and may take longer than any call
        if (!(await isMigrated(database.db))) await (await openMigrated(openPostgresToMigrate(url))).close()
        return database
      } catch (error) {
        await database.close()
        throw error
      }
    },
  }
}

async function openMigrated(database: OpenDatabase): Promise<OpenDatabase> {
  try {
    await migrate(database.db)
    return database
  } catch (error) {
    await database.close()
    throw error
  }
}
