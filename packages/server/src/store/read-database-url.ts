import { StartError } from '../errors.js'
import { parsePostgresUrl } from './postgres/parse-postgres-url.js'
import { isPostgresUrl } from './resolve-database.js'

const setting = '--database-url (HALLPASS_DATABASE_URL)'
const directSetting = '--database-direct-url (HALLPASS_DATABASE_DIRECT_URL)'

/** The URL of a database as it was written, without white space. Throws a StartError for one that can't be used. */
export function readDatabaseUrl(written: string): string {
  // a file that a secret comes from may end with a line break
  const url = written.trim()
  if (url === ':memory:' || (url.startsWith('file:') && url.length > 'file:'.length)) {
    if (!/[?#]/.test(url)) return url
    throw new StartError(
      `${setting} has a "?" or "#" after file:. Give the path alone; options of SQLite are not supported.`,
    )
  }
  if (isPostgresUrl(url)) {
    parsePostgresUrl(url)
    return url
  }
  // the URL may hold a password, so the error doesn't repeat it
  throw new StartError(`${setting} must be file:<path>, :memory: or a postgres:// URL.`)
}

/**
 * The URL of PostgreSQL itself, beside that of a pooler. Undefined if it has no meaning: with another kind of database,
 * or if both are the same.
 */
export function readDirectUrl(written: string | undefined, databaseUrl: string): string | undefined {
  const url = written?.trim()
  if (!url || url === databaseUrl || !isPostgresUrl(databaseUrl)) return undefined
  if (!isPostgresUrl(url)) throw new StartError(`${directSetting} must be a postgres:// URL.`)
  parsePostgresUrl(url, directSetting)
  return url
}
