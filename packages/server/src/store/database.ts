import type { Kysely } from './kysely.js'
import type { Database } from './schema.js'

/** An open database and the way to close it. */
export interface OpenDatabase {
  readonly db: Kysely<Database>
  readonly close: () => Promise<void>
  /** Of one that many servers use at the same time. */
  readonly shared?: SharedDatabase
}

/** What servers that share a database do by it. */
export interface SharedDatabase {
  /** Watches it until stopped; see {@link Watching}. */
  readonly watch: (watching: Watching) => Promise<() => Promise<void>>
  /** Runs a statement that belongs to no account. */
  readonly query: (statement: {
    text: string
    values: unknown[]
  }) => Promise<{ rows: unknown[]; rowCount: number | null }>
}

/** What there is to be seen of a database from a connection that stays. */
export interface Watching {
  /** Milliseconds since the epoch, by our own clock. */
  readonly now: () => number
  /** A table has changed, or, without a name, any may have. */
  readonly onChange: (table: string | undefined) => void
  readonly onTime: (reading: { asked: number; answered: number; time: number }) => void
  /** The connection was lost, or could not be made again. */
  readonly onLoss: (error: unknown) => void
  /** Whether other servers may use the database beside this one. */
  readonly isShared: boolean
}
