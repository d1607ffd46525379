import { existsSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { StartError } from '../../errors.js'

/** What has to be known of a database before it may be written to. */
export interface Peeked {
  /** A setting's value; undefined in a database that is new. */
  readonly setting: string | undefined
  readonly hasProductionAccount: boolean
}

/** Of a database that is new. */
export const nothing: Peeked = { setting: undefined, hasProductionAccount: false }

/** Looks into a SQLite file and leaves file and log as they are, byte for byte. */
export function peekSqlite(path: string | undefined, name: string): Peeked {
  if (path === undefined || !existsSync(path)) return nothing
  try {
    // a log that a crash left behind would be written back by a connection that may write; where there is none, one that
    // may not write would leave an empty one behind
    const sqlite = new Sqlite(path, { readonly: existsSync(`${path}-wal`) })
    try {
      const tables = sqlite.prepare("select name from sqlite_master where type = 'table'").pluck().all()
      if (!tables.includes('settings')) return nothing
      const setting = sqlite.prepare('select value from settings where name = ?').pluck().get(name)
      const production = sqlite.prepare("select 1 from accounts where environment = 'production' limit 1").get()
      return {
        setting: typeof setting === 'string' ? setting : undefined,
        hasProductionAccount: production !== undefined,
      }
    } finally {
      sqlite.close()
    }
  } catch (error) {
    throw new StartError(`the database ${path} cannot be read: ${error instanceof Error ? error.message : error}`)
  }
}
