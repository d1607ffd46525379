import { sql } from 'kysely'
import { compareMigrations, type Look } from '../look-into.js'
import { createStore } from '../store.js'
import { openPostgres } from './open-postgres.js'

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
  const { db, close } = openPostgres(url, 1)
  try {
    const { rows } = await sql<Pick<PostgresLook, 'version' | 'time' | 'isUnheld'>>`
      select current_setting('server_version') as version, rolsuper or rolbypassrls as "isUnheld",
        floor(extract(epoch from clock_timestamp()) * 1000)::bigint as time
      from pg_roles where rolname = current_user`.execute(db)
    const [server = { version: 'unknown', time: Date.now(), isUnheld: false }] = rows
    return { ...server, store: createStore(db), ...(await compareMigrations(db)), close }
  } catch (error) {
    await close()
    throw error
  }
}
