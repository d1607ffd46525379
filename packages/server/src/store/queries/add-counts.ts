import { type Kysely, sql } from '../kysely.js'
import type { Database } from '../schema.js'

/** A statement may have only a limited number of values. */
const rowsPerStatement = 100

interface Counts<Key extends string> {
  readonly table: 'activity' | 'origin_counts'
  /** The columns of the primary key. */
  readonly key: readonly Key[]
  readonly rows: readonly (Readonly<Record<Key, string | number>> & {
    readonly calls: number
    readonly expires_at: number
  })[]
}

/** Adds counts to the existing ones, of any process. */
export async function addCounts<Key extends string>(
  db: Kysely<Database>,
  { table, key, rows }: Counts<Key>,
): Promise<void> {
  // in the same order everywhere, so that replicas wait for one another without a deadlock
  const keyOf = (row: Counts<Key>['rows'][number]) => key.map((column) => row[column]).join(' ')
  const ordered = rows.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const columns = [...key, 'calls', 'expires_at'] as const
  const names = (all: readonly string[]) => sql.join(all.map((column) => sql.ref(column)))
  for (let from = 0; from < ordered.length; from += rowsPerStatement) {
    const values = ordered
      .slice(from, from + rowsPerStatement)
      .map((row) => sql`(${sql.join(columns.map((column) => row[column]))})`)
    await sql`
      insert into ${sql.table(table)} (${names(columns)}) values ${sql.join(values)}
      on conflict (${names(key)}) do update set calls = ${sql.ref(`${table}.calls`)} + excluded.calls
    `.execute(db)
  }
}
