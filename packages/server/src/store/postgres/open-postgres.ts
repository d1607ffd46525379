import { boundDatabase } from '../bound-database.js'
import type { OpenDatabase, SharedDatabase, Watching } from '../database.js'
import { type Dialect, Kysely, PostgresAdapter, PostgresIntrospector, PostgresQueryCompiler } from '../kysely.js'
import type { Database } from '../schema.js'
import { patientConnectionTo } from './connect.js'
import { createDriver, PostgresConnection } from './driver.js'
import { type ConnectionPool, createPool, poolOf } from './pool.js'
import { requireUsable } from './require-usable.js'
import { watchPostgres } from './watch-postgres.js'

/**
 * Opens a pool with this maximum number of connections. The first query opens the first connection. If there is a
 * direct URL, the other one leads to a pooler.
 */
export function openPostgres(
  url: string,
  connections: number,
  directUrl?: string,
): OpenDatabase & { readonly shared: SharedDatabase } {
  const pool = createPool(poolOf(url, connections), { isPooled: directUrl !== undefined })
  const watch = (watching: Watching) => watchPostgres({ url: directUrl ?? url, query }, watching)
  const query: SharedDatabase['query'] = async ({ text, values }, deadline) => {
    const connection = new PostgresConnection(await pool.acquire(deadline), pool, deadline)
    try {
      const { rows } = await connection.run(text, values)
      return { rows, rowCount: rows.length }
    } finally {
      connection.release()
    }
  }
  return {
    ...open(pool),
    shared: { watch, query, pool: pool.state, delay: pool.delay, requireUsable: () => requireUsable({ query }) },
  }
}

/** For a migration, which may wait as long as necessary. */
export function openPostgresToMigrate(url: string): OpenDatabase {
  const { config, limits } = patientConnectionTo(url)
  return open(createPool({ config: { ...config, max: 2 }, limits }))
}

function open(pool: ConnectionPool): OpenDatabase {
  const driver = createDriver(pool)
  const dialect: Dialect = {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => driver,
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  }
  return {
    db: new Kysely<Database>({ dialect }),
    dbUntil: (deadline) =>
      boundDatabase({
        dialect,
        driver,
        acquire: async () => new PostgresConnection(await pool.acquire(deadline), pool, deadline),
      }),
    close: () => pool.end(),
  }
}
