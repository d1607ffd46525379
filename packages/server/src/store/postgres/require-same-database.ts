import pg from 'pg'
import { StartError } from '../../errors.js'
import type { SharedDatabase } from '../database.js'
import { StoreUnavailable } from '../failure.js'
import { connectionTo } from './connect.js'

const askIdentity = `select concat_ws(' ', (select oid from pg_database where datname = current_database()),
  extract(epoch from pg_postmaster_start_time()), current_schema()) as identity`

/**
 * Throws a StartError if the direct URL names another database, or another schema of it: a migration would change the
 * wrong one.
 */
export async function requireSameDatabase(directUrl: string, { query }: Pick<SharedDatabase, 'query'>): Promise<void> {
  const pooled = identityOf(await query({ text: askIdentity, values: [] }))
  if (pooled === (await identityAt(directUrl))) return
  throw new StartError(
    'HALLPASS_DATABASE_DIRECT_URL leads to another database or schema than HALLPASS_DATABASE_URL. Correct one of them.',
  )
}

async function identityAt(url: string): Promise<string | undefined> {
  const client = new pg.Client(connectionTo(url).config)
  client.on('error', () => {})
  try {
    await client.connect()
    return identityOf(await client.query(askIdentity))
  } catch (error) {
    throw new StoreUnavailable('the direct URL of PostgreSQL gives no connection', { cause: error })
  } finally {
    client.end().catch(() => {})
  }
}

const identityOf = ({ rows }: { rows: unknown[] }) => (rows as { identity: string }[])[0]?.identity
