import { sql } from '../kysely.js'
import type { Look } from '../look-into.js'
import { compareMigrations } from '../migrations.js'
import { createStore } from '../store.js'
import { openPostgres } from './open-postgres.js'
import { readTime } from './read-time.js'

/** What a look at PostgreSQL finds beside what is in every database. */
export interface PostgresLook extends Look {
  /** Such as `16.4`. */
  readonly version: string
  /** The database's time, in milliseconds. */
  readonly time: number
  /** Its user is one whom row-level security does not hold. */
  readonly isUnheld: boolean
}

/** Looks into a PostgreSQL database and writes nothing. */
export async function lookIntoPostgres(url: string): Promise<PostgresLook> {
  const { db, close, shared } = openPostgres(url, 1)
  try {
    const { rows } = await sql<Pick<PostgresLook, 'version' | 'isUnheld'>>`
      select current_setting('server_version') as version, rolsuper or rolbypassrls as "isUnheld"
      from pg_roles where rolname = current_user`.execute(db)
    const [server = { version: 'unknown', isUnheld: false }] = rows
    return {
      ...server,
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
