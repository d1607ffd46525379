import { rmSync } from 'node:fs'
import { loadConfig } from '../config.js'
import { keyFileOf } from '../crypto/master-key.js'
import { lockSqlite } from '../store/sqlite/open-sqlite.js'
import { sqlitePath } from '../store/sqlite/sqlite-path.js'
import type { HostOptions } from './open-local.js'

/** Removes a SQLite database and its key file. Throws a StartError if a server uses it. */
export function removeDatabase({ flags, env }: HostOptions): void {
  const path = sqlitePath(loadConfig(flags, env).databaseUrl)
  if (path === undefined) return
  const unlock = lockSqlite(path)
  try {
    for (const file of [path, `${path}-wal`, `${path}-shm`, keyFileOf(path)]) rmSync(file, { force: true })
  } finally {
    unlock()
  }
}
