/** SQLite's result codes by their number: https://www.sqlite.org/rescode.html. */
const primary = [
  'OK',
  'ERROR',
  'INTERNAL',
  'PERM',
  'ABORT',
  'BUSY',
  'LOCKED',
  'NOMEM',
  'READONLY',
  'INTERRUPT',
  'IOERR',
  'CORRUPT',
  'NOTFOUND',
  'FULL',
  'CANTOPEN',
  'PROTOCOL',
  'EMPTY',
  'SCHEMA',
  'TOOBIG',
  'CONSTRAINT',
  'MISMATCH',
  'MISUSE',
  'NOLFS',
  'AUTH',
  'FORMAT',
  'RANGE',
  'NOTADB',
]

/** The extended codes that something is decided by. Of the others, the primary code is enough. */
const extended: Readonly<Record<number, string>> = {
  275: 'CONSTRAINT_CHECK',
  787: 'CONSTRAINT_FOREIGNKEY',
  1299: 'CONSTRAINT_NOTNULL',
  1555: 'CONSTRAINT_PRIMARYKEY',
  2067: 'CONSTRAINT_UNIQUE',
}

const primaryBits = 0xff

/** Sets an error's `code` to the name of SQLite's result code, as `better-sqlite3` does. */
export function withResultCode(error: Error, resultCode: number): Error {
  const name = extended[resultCode] ?? primary[resultCode & primaryBits] ?? 'ERROR'
  return Object.assign(error, { code: `SQLITE_${name}` })
}
