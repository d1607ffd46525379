import type { SharedDatabase } from '../database.js'

/** Facts about a PostgreSQL server and the user of the connection. */
export interface ServerFacts {
  /** Such as `16.4`. */
  readonly version: string
  /** Row-level security does not apply to this user. */
  readonly isUnheld: boolean
}

export async function readServer({ query }: Pick<SharedDatabase, 'query'>): Promise<ServerFacts> {
  const text = `select current_setting('server_version') as version, rolsuper or rolbypassrls as "isUnheld"
    from pg_roles where rolname = current_user`
  const { rows } = await query({ text, values: [] })
  // these are the selected columns
  return (rows as ServerFacts[])[0] ?? { version: 'unknown', isUnheld: false }
}
