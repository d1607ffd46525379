import type Sqlite from 'better-sqlite3'

/** The server has about 150 texts. One more than this replaces the oldest. */
const mostStatements = 300
/** Rows that are written together have as many values as there are rows, so each number of rows would be its own text. */
const mostValues = 40

/** Gives the prepared statement of a text. */
export type Statements = (text: string, valueCount: number) => Sqlite.Statement

/** Prepares each text once. Preparing it for every call took 10 to 40 µs, more than running it. */
export function createStatements(sqlite: Sqlite.Database): Statements {
  const known = new Map<string, Sqlite.Statement>()
  return (text, valueCount) => {
    const found = known.get(text)
    if (found) return found
    const statement = sqlite.prepare(text)
    // the columns of `select *` may not be the same any more
    if (/^\s*(create|alter|drop)\s/i.test(text)) known.clear()
    else if (valueCount <= mostValues) known.set(text, statement)
    const oldest = known.size > mostStatements ? known.keys().next() : undefined
    if (oldest && !oldest.done) known.delete(oldest.value)
    return statement
  }
}
