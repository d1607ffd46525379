import type { OpenDatabase } from './database.js'
import { isMigrated, migrate } from './migrations/migrate.js'
import { lockSqlite, openUnlocked } from './sqlite/open-sqlite.js'
import { type Peeked, peekSqlite } from './sqlite/peek-sqlite.js'
import { sqlitePath } from './sqlite/sqlite-path.js'

/** A database before it is opened. */
export interface DatabaseHandle {
  readonly kind: 'memory' | 'file' | 'postgres'
  /** The absolute path of a SQLite file. */
  readonly path: string | undefined
  /** Keeps other servers out, if only one may use the database. */
  readonly lock: () => void
  /** Inspects the database and changes nothing. */
  readonly peek: (setting: string) => Promise<Peeked>
  /** Migrates and opens it. */
  readonly open: () => Promise<OpenDatabase>
  /** Closes what was opened, and unlocks the database. */
  readonly leave: () => Promise<void>
}

export const isPostgresUrl = (url: string): boolean => /^postgres(ql)?:\/\//.test(url)

/**
 * The database of `file:…`, `:memory:` or `postgres://…`. For the last, at most this many connections are used, and the
 * direct URL for what a pooler can't do.
 */
export function resolveDatabase(url: string, connections: number, directUrl?: string): DatabaseHandle {
  return isPostgresUrl(url) ? postgresPlace(url, connections, directUrl) : sqlitePlace(sqlitePath(url))
}

function sqlitePlace(path: string | undefined): DatabaseHandle {
  let unlock = () => {}
  let database: OpenDatabase | undefined
  return {
    kind: path === undefined ? 'memory' : 'file',
    path,
    lock() {
      unlock = lockSqlite(path)
    },
    peek: async (setting) => peekSqlite(path, setting),
    async open() {
      const opened = await openUnlocked(path)
      database = opened
      await migrate(opened.db)
      opened.undoInMemory()
      return opened
    },
    async leave() {
      await database?.close()
      unlock()
    },
  }
}

/** The PostgreSQL client is loaded only if it is needed. */
function postgresPlace(url: string, connections: number, directUrl: string | undefined): DatabaseHandle {
  let database: ReturnType<typeof import('./postgres/open-postgres.js').openPostgres> | undefined
  const connect = async () => {
    const { openPostgres } = await import('./postgres/open-postgres.js')
    database ??= openPostgres(url, connections, directUrl)
    return database
  }
  return {
    kind: 'postgres',
    path: undefined,
    lock: () => {},
    async peek(setting) {
      const { peekPostgres } = await import('./postgres/peek-postgres.js')
      return peekPostgres(await connect(), setting)
    },
    async open() {
      const opened = await connect()
      if (directUrl !== undefined) {
        const { requireSameDatabase } = await import('./postgres/require-same-database.js')
        await requireSameDatabase(directUrl, opened.shared)
      }
      if (!(await isMigrated(opened.db))) await migratePatiently(directUrl ?? url)
      return opened
    },
    leave: async () => database?.close(),
  }
}

/** Migrations wait for one another, and may take longer than any call. */
async function migratePatiently(url: string): Promise<void> {
  const { openPostgresToMigrate } = await import('./postgres/open-postgres.js')
  const { db, close } = openPostgresToMigrate(url)
  try {
    await migrate(db)
  } finally {
    await close()
  }
}
