import { StartError } from '../../errors.js'
import type { SharedDatabase } from '../database.js'
import { StoreUnavailable } from '../failure.js'

interface Facts {
  readonly encoding: string
  readonly schema: string | null
  readonly isReadOnly: boolean
}

const text = `select current_setting('server_encoding') as encoding, current_schema() as schema,
  pg_is_in_recovery() or current_setting('transaction_read_only')::boolean as "isReadOnly"`

/**
 * Throws a StartError for a database that Hallpass can't use, and StoreUnavailable for one that accepts no writes now: a
 * replica may be promoted, and a failover may still be under way.
 */
export async function requireUsable({ query }: Pick<SharedDatabase, 'query'>): Promise<void> {
  const { rows } = await query({ text, values: [] })
  // these are the columns that were asked for
  const { encoding, schema, isReadOnly } = (rows as Facts[])[0] ?? { encoding: '', schema: null, isReadOnly: true }
  if (encoding !== 'UTF8') {
    throw new StartError(
      `The database has the encoding ${encoding}. Create one with "encoding 'UTF8' template template0".`,
    )
  }
  if (schema === null) {
    throw new StartError(
      'No schema in the search_path of the database user exists. Create it, or correct the search_path.',
    )
  }
  if (isReadOnly) throw new StoreUnavailable('PostgreSQL is read-only: connect to the primary, not to a replica')
}
