import type { Deadline } from '../../deadline.js'
import { requireTime } from '../bound-database.js'
import type { RunAlone } from '../direct-runs.js'
import { StoreUnavailable } from '../failure.js'
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from '../kysely.js'
import { createCommitGroups, type Group } from './commit-group.js'
import { createLockPatience } from './lock-patience.js'
import type { ReadTurns } from './read-turn.js'
import type { Sqlite } from './sqlite.js'
import { createStatements } from './statements.js'
import { createTurns } from './turns.js'

export interface SqliteDriver extends Driver {
  /** Runs statements alone, until a deadline if there is one. */
  readonly runAloneUntil: (deadline: Deadline | undefined) => RunAlone
  readonly connect: (deadline: Deadline | undefined) => DatabaseConnection
}

/**
 * Runs Kysely's queries on one SQLite connection. The writes of a few turns of the event loop share a commit, and each
 * transaction has its own savepoint, so one that fails fails alone. Whatever was written or read resolves after the
 * commit: no caller learns of something that a crash could still undo.
 */
export function createSqliteDriver(sqlite: Sqlite, reads: ReadTurns): SqliteDriver {
  const prepare = createStatements(sqlite)
  const turns = createTurns()
  const patience = createLockPatience()
  const groups = createCommitGroups(sqlite, { isHeld: turns.isHeld, endReads: reads.end })
  const run = <R>({ sql, parameters }: CompiledQuery): QueryResult<R> => {
    const { statement, isRead } = prepare(sql, parameters.length)
    try {
      if (isRead) reads.begin()
      else groups.open()
      // Kysely's types say what the rows are
      if (statement.returnsRows) return { rows: statement.all(parameters) as R[] }
      return { rows: [], numAffectedRows: BigInt(statement.run(parameters).changes) }
    } catch (cause) {
      groups.noteFailure(cause)
      patience.note(cause)
      throw cause
    }
  }
  const runOnce = async <R>(query: CompiledQuery, isProvisional: boolean, deadline: Deadline | undefined) => {
    // what it fails for may be uncommitted too
    const { outcome, committed } = await turns.whenFree(() => {
      requireTime(deadline)
      return {
        outcome: attempt(() => run<R>(query)),
        committed: isProvisional ? undefined : groups.committed(),
      }
    })
    await committed
    return outcome()
  }
  /** A read, if nothing is uncommitted and no transaction is running. */
  const readNow = <R>({ sql, parameters }: CompiledQuery): QueryResult<R> | undefined => {
    if (turns.isHeld() || groups.isOpen()) return undefined
    const { statement, isRead } = prepare(sql, parameters.length)
    if (!isRead) return undefined
    reads.begin()
    // Kysely's types say what the rows are
    return { rows: statement.all(parameters) as R[] }
  }
  const runAloneUntil =
    (deadline: Deadline | undefined): RunAlone =>
    async <R>(query: CompiledQuery, isProvisional = false): Promise<QueryResult<R>> => {
      try {
        const read = readNow<R>(query)
        if (read) return read
      } catch {
        // below, it waits for a lock, or fails again
      }
      return patience.whenUnlocked(() => runOnce<R>(query, isProvisional, deadline), deadline)
    }
  const begin = (connection: SqliteConnection) =>
    turns.take(() => {
      requireTime(connection.deadline)
      try {
        const group = groups.open()
        savepoint('savepoint')
        connection.group = group
      } catch (cause) {
        patience.note(cause)
        throw cause
      }
    })
  const savepoint = (command: 'savepoint' | 'release' | 'rollback to') =>
    prepare(`${command} decision`, 0).statement.run()
  const end = async (connection: SqliteConnection, finish: () => void) => {
    if (!connection.group) return
    const { isOpen, committed } = connection.group
    connection.group = undefined
    if (isOpen()) finish()
    groups.commitIfDue()
    turns.release()
    await committed
  }
  const connect = (deadline: Deadline | undefined) => new SqliteConnection(run, runAloneUntil(deadline), deadline)
  return {
    runAloneUntil,
    connect,
    init: async () => {},
    acquireConnection: async () => connect(undefined),
    beginTransaction(connection) {
      const { deadline } = toOurs(connection)
      return patience.whenUnlocked(() => begin(toOurs(connection)), deadline)
    },
    async commitTransaction(connection) {
      // the caller then rolls it back
      requireTime(toOurs(connection).deadline)
      await end(toOurs(connection), () => savepoint('release'))
    },
    rollbackTransaction: (connection) =>
      end(toOurs(connection), () => {
        savepoint('rollback to')
        savepoint('release')
      }),
    releaseConnection: async () => {},
    async destroy() {
      groups.commit()
      reads.end()
      sqlite.close()
    },
  }
}

/** Kysely returns the connections that it was given. */
const toOurs = (connection: DatabaseConnection) => connection as SqliteConnection

/** A transaction's view of the one connection, or that of a statement alone. */
class SqliteConnection implements DatabaseConnection {
  /** The group that its transaction is part of; undefined outside a transaction. */
  group: Group | undefined
  readonly deadline: Deadline | undefined
  readonly #run: <R>(query: CompiledQuery) => QueryResult<R>
  readonly #runAlone: RunAlone

  constructor(run: <R>(query: CompiledQuery) => QueryResult<R>, runAlone: RunAlone, deadline: Deadline | undefined) {
    this.deadline = deadline
    this.#run = run
    this.#runAlone = runAlone
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (!this.group) return this.#runAlone(query)
    // after a rollback of SQLite's own, it would be committed by itself
    if (!this.group.isOpen()) throw new StoreUnavailable('the transaction was rolled back')
    return this.#run(query)
  }

  // biome-ignore lint/correctness/useYield: nothing here reads a stream, but Kysely's interface requires the method
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('streams are not used')
  }
}

function attempt<T>(work: () => T): () => T {
  try {
    const value = work()
    return () => value
  } catch (cause) {
    return () => {
      throw cause
    }
  }
}
