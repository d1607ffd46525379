import { existsSync } from 'node:fs'
import { StartError } from '../../errors.js'
import { openSqliteFile } from './open-file.js'
import type { Sqlite } from './sqlite.js'

/** Facts about a database that are needed before writing to it. */
export interface Peeked {
  /** The value of a setting. Undefined in a new database. */
  readonly setting: string | undefined
  readonly hasProductionAccount: boolean
}

/** The facts about a new database. */
export const nothing: Peeked = { setting: undefined, hasProductionAccount: false }

/** Reads facts about a SQLite file, and leaves the file and its log unchanged, byte for byte. */
export function peekSqlite(path: string | undefined, name: string): Peeked {
  if (path === undefined || !existsSync(path)) return nothing
  try {
    return lookInto(path, (sqlite, tables) => {
      if (!tables.includes('settings')) return nothing
      const setting = valuesOf(sqlite, 'select value from settings where name = ?', [name])[0]
      const production = valuesOf(sqlite, "select 1 from accounts where environment = 'production' limit 1")
      return {
        setting: typeof setting === 'string' ? setting : undefined,
        hasProductionAccount: production.length > 0,
      }
    })
  } catch (error) {
    if (error instanceof StartError) throw error
    throw new StartError(`The database ${path} cannot be read: ${error instanceof Error ? error.message : error}.`)
  }
}

/**
 * The latest time that a server used on a SQLite file, in milliseconds. 0 if the file doesn't contain it, because it is
 * damaged or missing.
 */
export function peekLatestTime(path: string): number {
  if (!existsSync(path)) return 0
  try {
    return lookInto(path, (sqlite, tables) => {
      if (!tables.includes('latest_time')) return 0
      const time = valuesOf(sqlite, 'select max(time) from latest_time')[0]
      return typeof time === 'number' ? time : 0
    })
  } catch {
    return 0
  }
}

function lookInto<T>(path: string, look: (sqlite: Sqlite, tables: readonly unknown[]) => T): T {
  // a writable connection would write back a log that a crash left behind; a read-only one would leave an empty log
  // behind if there is none
  const sqlite = openSqliteFile(path, { readOnly: existsSync(`${path}-wal`) })
  try {
    return look(sqlite, valuesOf(sqlite, "select name from sqlite_master where type = 'table'"))
  } finally {
    sqlite.close()
  }
}

/** The first column of each row. */
const valuesOf = (sqlite: Sqlite, text: string, parameters: readonly unknown[] = []): unknown[] =>
  sqlite
    .prepare(text)
    .all(parameters)
    .map((row) => Object.values(row ?? {})[0])
