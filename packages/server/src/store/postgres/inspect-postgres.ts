import { compareMigrations } from '../migrations/migrate.js'
import type { Inspection } from '../sqlite/inspect-sqlite.js'
import { createStore } from '../store.js'
import { openPostgres } from './open-postgres.js'
import { readServer, type ServerFacts } from './read-server.js'
import { readTime } from './read-time.js'
import { requireUsable } from './require-usable.js'

/** The inspection of PostgreSQL, with more than every database has. */
export interface PostgresLook extends Inspection, ServerFacts {
  /** The database's time, in milliseconds. */
  readonly time: number
}

/** Inspects a PostgreSQL database. Writes nothing. */
export async function inspectPostgres(url: string): Promise<PostgresLook> {
  const { db, close, shared } = openPostgres(url, 1)
  try {
    await requireUsable(shared)
    return {
      ...(await readServer(shared)),
      time: await readTime(shared),
      store: createStore(db),
      ...(await compareMigrations(db)),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
