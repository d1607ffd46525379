import type { Deadline } from '../deadline.js'
import type { Kysely } from './kysely.js'
import type { Database } from './schema.js'

/** An open database and a function to close it. */
export interface OpenDatabase {
  readonly db: Kysely<Database>
  /** The same database for a call: nothing waits, begins or is committed after its deadline. */
  readonly dbUntil: (deadline: Deadline) => Kysely<Database>
  readonly close: () => Promise<void>
  /**
   * A number that changes with each commit of another connection. Undefined if the database notifies of changes instead.
   */
  readonly readVersion?: (() => number) | undefined
  /** Present if many servers may use the database at the same time. */
  readonly shared?: SharedDatabase
}

/** How many connections to the database there are, and how many calls wait for one. */
export interface PoolState {
  readonly total: number
  readonly idle: number
  readonly max: number
  readonly waiting: number
}

/** How servers that share a database coordinate. */
export interface SharedDatabase {
  /** Watches it until stopped; see {@link Watching}. */
  readonly watch: (watching: Watching) => Promise<() => Promise<void>>
  /** Throws if the database can't be used or accepts no writes. */
  readonly requireUsable: () => Promise<void>
  readonly pool: () => PoolState
  /** How long the first call that waits for a connection has waited, in milliseconds. 0 if none waits. */
  readonly delay: () => number
  /** Runs a statement that belongs to no account, until a deadline if there is one. */
  readonly query: (
    statement: { text: string; values: unknown[] },
    deadline?: Deadline,
  ) => Promise<{ rows: unknown[]; rowCount: number | null }>
}

/** The events of a database on a permanent connection. */
export interface Watching {
  /** Milliseconds since the epoch, by the local clock. */
  readonly now: () => number
  /** A table has changed, in rows of an account. Without a name, any table or account may have changed. */
  readonly onChange: (table: string | undefined, accountId: string | undefined) => void
  readonly onTime: (reading: { asked: number; answered: number; time: number }) => void
  /** The connection was lost, or a reconnect failed. */
  readonly onLoss: (error: unknown) => void
  /** How many servers use the database now, this one included. */
  readonly onServers: (count: number) => void
  /** The connection leads through a pooler in transaction mode, so it reports no changes. */
  readonly onPooled: () => void
  /** Whether other servers may use the database at the same time. */
  readonly isShared: boolean
}
