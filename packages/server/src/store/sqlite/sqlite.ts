/** A prepared statement. */
export interface SqliteStatement {
  /** Whether it returns rows: a `select`, or a write with `returning`. */
  readonly returnsRows: boolean
  readonly all: (parameters?: readonly unknown[]) => unknown[]
  readonly run: (parameters?: readonly unknown[]) => { readonly changes: number | bigint }
}

/**
 * An open SQLite database, whichever library opened it. Errors of SQLite itself have its result code as `code`, for
 * example `SQLITE_BUSY`.
 */
export interface Sqlite {
  readonly prepare: (text: string) => SqliteStatement
  /** Runs statements that have no parameters. Rows are dropped. */
  readonly exec: (texts: string) => void
  readonly isInTransaction: () => boolean
  /** Copies the database into an empty file, this many pages at a time. Other connections may write meanwhile. */
  readonly copyTo: (path: string, pagesAtOnce: number, report: (done: number, total: number) => void) => Promise<void>
  /** May be called again. */
  readonly close: () => void
}

export interface SqliteOptions {
  readonly readOnly?: boolean
  /** Don't create a file. */
  readonly mustExist?: boolean
  /** How long a statement blocks this process while another one holds a lock. */
  readonly busyMilliseconds?: number
}

export type OpenSqliteFile = (path: string, options?: SqliteOptions) => Sqlite

export const defaultBusyMilliseconds = 5_000
