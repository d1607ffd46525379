import { findBetterSqlite } from './better-sqlite.js'
import { findNodeSqlite } from './node-sqlite.js'
import type { OpenSqliteFile } from './sqlite.js'

let open: OpenSqliteFile | undefined

/** Opens a SQLite file, or `:memory:`, with Node's own SQLite. Node 20 has none and needs the package `better-sqlite3`. */
export const openSqliteFile: OpenSqliteFile = (path, options) => {
  open ??= findNodeSqlite() ?? findBetterSqlite()
  return open(path, options)
}
