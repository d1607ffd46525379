import pg from 'pg'
import type { SharedDatabase } from '../database.js'
import { findMissingColumns } from '../migrations/compare-schema.js'
import { compareMigrations } from '../migrations/migrate.js'
import type { Inspection } from '../sqlite/inspect-sqlite.js'
import { createStore } from '../store.js'
import { connectionTo } from './connect.js'
import { keepsSession } from './keeps-session.js'
import { openPostgres } from './open-postgres.js'
import { readServer, type ServerFacts } from './read-server.js'
import { readTime } from './read-time.js'
import { requireSameDatabase } from './require-same-database.js'
import { requireUsable } from './require-usable.js'

/** The inspection of PostgreSQL, with more than every database has. */
export interface PostgresLook extends Inspection, ServerFacts {
  /** The database's time, in milliseconds. */
  readonly time: number
  /** False through a pooler in transaction mode without a direct URL. */
  readonly hearsChanges: boolean
}

/** Inspects a PostgreSQL database. Writes nothing. */
export async function inspectPostgres(url: string, directUrl?: string): Promise<PostgresLook> {
  const { db, close, shared } = openPostgres(url, 1, directUrl)
  try {
    await requireUsable(shared)
    if (directUrl !== undefined) await requireSameDatabase(directUrl, shared)
    return {
      hearsChanges: await hearsChanges(directUrl ?? url, shared),
      ...(await readServer(shared)),
      time: await readTime(shared),
      store: createStore(db),
      missingColumns: () => findMissingColumns(db),
      ...(await compareMigrations(db)),
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

async function hearsChanges(url: string, shared: SharedDatabase): Promise<boolean> {
  const client = new pg.Client(connectionTo(url).config)
  client.on('error', () => {})
  try {
    await client.connect()
    return await keepsSession(client, shared)
  } finally {
    client.end().catch(() => {})
  }
}
