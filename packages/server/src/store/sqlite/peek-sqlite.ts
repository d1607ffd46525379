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
    return lookInto(path, (sqlite, tables) => {
      if (!tables.includes('settings')) return nothing
      const setting = sqlite.prepare('select value from settings where name = ?').pluck().get(name)
      const production = sqlite.prepare("select 1 from accounts where environment = 'production' limit 1").get()
      return {
        setting: typeof setting === 'string' ? setting : undefined,
        hasProductionAccount: production !== undefined,
      }
    })
  } catch (error) {
    throw new StartError(`the database ${path} cannot be read: ${error instanceof Error ? error.message : error}`)
  }
}

/** The latest time that a server used on a SQLite file, in milliseconds; 0 if the file can't tell, because it is damaged or missing. */
export function peekLatestTime(path: string): number {
  if (!existsSync(path)) return 0
  try {
    return lookInto(path, (sqlite, tables) => {
      if (!tables.includes('latest_time')) return 0
      const time = sqlite.prepare('select max(time) from latest_time').pluck().get()
      return typeof time === 'number' ? time : 0
    })
  } catch {
    return 0
  }
}

function lookInto<T>(path: string, look: (sqlite: Sqlite.Database, tables: readonly unknown[]) => T): T {
  // a log that a crash left behind would be written back by a connection that may write; where there is none, one that
  // may not write would leave an empty one behind
  const sqlite = new Sqlite(path, { readonly: existsSync(`${path}-wal`) })
  try {
    return look(sqlite, sqlite.prepare("select name from sqlite_master where type = 'table'").pluck().all())
  } finally {
    sqlite.close()
  }
}
