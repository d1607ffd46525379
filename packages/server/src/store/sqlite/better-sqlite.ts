import { createRequire } from 'node:module'
import type BetterSqlite from 'better-sqlite3'
import { StartError } from '../../errors.js'
import { defaultBusyMilliseconds, type OpenSqliteFile, type Sqlite, type SqliteStatement } from './sqlite.js'

/** The package `better-sqlite3`. Throws if it isn't installed. */
export function findBetterSqlite(require: (name: string) => unknown = createRequire(import.meta.url)): OpenSqliteFile {
  const Database = load(require)
  return (path, { readOnly = false, mustExist = readOnly, busyMilliseconds = defaultBusyMilliseconds } = {}) => {
    const options = { readonly: readOnly, fileMustExist: mustExist, timeout: busyMilliseconds }
    try {
      return wrap(new Database(path, options))
    } catch (cause) {
      throw cause instanceof Database.SqliteError || !isAddonMissing(cause) ? cause : addonMissing(cause)
    }
  }
}

function load(require: (name: string) => unknown): typeof BetterSqlite {
  try {
    // the peer dependency of this name
    return require('better-sqlite3') as typeof BetterSqlite
  } catch (cause) {
    throw new StartError(
      `Node.js ${process.version} has no SQLite of its own. Use Node.js 22.16 or later, or install it: npm install better-sqlite3@12 (npx -p hallpass -p better-sqlite3@12 hallpass)`,
      { cause },
    )
  }
}

/** The package is loaded without its native part, which it looks for when a database is opened. */
const isAddonMissing = (error: unknown): boolean =>
  error instanceof Error &&
  (/bindings file/.test(error.message) || ('code' in error && error.code === 'ERR_DLOPEN_FAILED'))

const addonMissing = (cause: unknown) =>
  new StartError(
    `The native part of better-sqlite3 is missing, or was built for another version than Node.js ${process.version}. Run npm rebuild better-sqlite3, without --ignore-scripts, or use Node.js 22.16 or later.`,
    { cause },
  )

function wrap(database: BetterSqlite.Database): Sqlite {
  return {
    prepare: (text) => wrapStatement(database.prepare<unknown[]>(text)),
    exec: (texts) => void database.exec(texts),
    isInTransaction: () => database.inTransaction,
    async copyTo(path, pagesAtOnce, report) {
      const { totalPages } = await database.backup(path, {
        progress({ totalPages, remainingPages }) {
          report(totalPages - remainingPages, totalPages)
          return pagesAtOnce
        },
      })
      report(totalPages, totalPages)
    },
    close: () => void database.close(),
  }
}

const none: readonly unknown[] = []

const wrapStatement = (statement: BetterSqlite.Statement<unknown[]>): SqliteStatement => ({
  returnsRows: statement.reader,
  all: (parameters = none) => statement.all(parameters),
  run: (parameters = none) => statement.run(parameters),
})
