import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { defaultBusyMilliseconds, type OpenSqliteFile, type Sqlite, type SqliteStatement } from './sqlite.js'
import { withResultCode } from './sqlite-codes.js'

/** What we use of Node's module `node:sqlite`. The types of Node 20 don't contain it. */
interface NodeSqlite {
  readonly DatabaseSync: new (
    path: string,
    options: { readonly readOnly: boolean; readonly timeout: number },
  ) => DatabaseSync
  readonly backup?: (
    source: DatabaseSync,
    path: string,
    options: {
      readonly rate: number
      readonly progress: (copied: { readonly totalPages: number; readonly remainingPages: number }) => void
    },
  ) => Promise<number>
}

interface DatabaseSync {
  readonly isOpen: boolean
  readonly isTransaction: boolean
  prepare(text: string): StatementSync
  exec(texts: string): void
  close(): void
}

interface StatementSync {
  all(...parameters: unknown[]): unknown[]
  run(...parameters: unknown[]): { readonly changes: number | bigint }
  columns(): unknown[]
}

/** Node's own SQLite, or undefined before Node 22.16, where it is missing or can't copy a database. */
export function findNodeSqlite(): OpenSqliteFile | undefined {
  const found = loadQuietly()
  const { backup } = found ?? {}
  if (!found || !backup) return undefined
  return (path, { readOnly = false, mustExist = readOnly, busyMilliseconds = defaultBusyMilliseconds } = {}) => {
    // it would read a relative path that begins with `file:` as a URL
    const place = path === ':memory:' ? path : resolve(path)
    if (mustExist && !existsSync(place)) throw withResultCode(new Error('unable to open database file'), cannotOpen)
    const database = translated(() => new found.DatabaseSync(place, { readOnly, timeout: busyMilliseconds }))
    return wrap(database, async (to, rate, report) => {
      const progress = ({ totalPages, remainingPages }: { totalPages: number; remainingPages: number }) =>
        report(totalPages - remainingPages, totalPages)
      const total = await backup(database, to, { rate, progress })
      report(total, total)
    })
  }
}

const cannotOpen = 14

/** Loads the module without the warning that it is experimental, which Node 22 and 24.0 print. */
function loadQuietly(): NodeSqlite | undefined {
  const { emitWarning } = process
  process.emitWarning = () => {}
  try {
    // the type says what we use of it; a test runs all of that on each version of Node
    return process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined
  } finally {
    process.emitWarning = emitWarning
  }
}

function wrap(database: DatabaseSync, copyTo: Sqlite['copyTo']): Sqlite {
  return {
    prepare: (text) => wrapStatement(translated(() => database.prepare(text))),
    exec: (texts) => translated(() => database.exec(texts)),
    // throws if the database is closed
    isInTransaction: () => database.isOpen && database.isTransaction,
    copyTo,
    close() {
      if (database.isOpen) database.close()
    },
  }
}

const none: readonly unknown[] = []

function wrapStatement(statement: StatementSync): SqliteStatement {
  return {
    returnsRows: statement.columns().length > 0,
    all(parameters = none) {
      try {
        return statement.all(...parameters)
      } catch (error) {
        throw translate(error)
      }
    },
    run(parameters = none) {
      try {
        return statement.run(...parameters)
      } catch (error) {
        throw translate(error)
      }
    },
  }
}

function translated<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    throw translate(error)
  }
}

const misuse = 21

function translate(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if ('errcode' in error && typeof error.errcode === 'number') return withResultCode(error, error.errcode)
  // a closed database or a statement of one
  return 'code' in error && error.code === 'ERR_INVALID_STATE' ? withResultCode(error, misuse) : error
}
