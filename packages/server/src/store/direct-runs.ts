import type { CompiledQuery, DialectAdapter, Kysely, QueryExecutor, QueryResult } from './kysely.js'
import type { Database } from './schema.js'

/**
 * Runs a statement outside of a transaction. With `isProvisional`, it resolves before its commit: for a write that means
 * nothing unless a later one, which is waited for, is committed too.
 */
export type RunAlone = <Row>(query: CompiledQuery, isProvisional?: boolean) => Promise<QueryResult<Row>>

/**
 * How a database runs a prepared statement past Kysely, which borrows a connection for it in a dozen turns of the
 * microtask queue: 5 µs of each. SQLite has one connection, so there is nothing to borrow.
 */
const runs = new WeakMap<DialectAdapter, RunAlone>()

export const setDirectRun = (adapter: DialectAdapter, run: RunAlone): void => void runs.set(adapter, run)
export const directRunOf = (adapter: DialectAdapter): RunAlone | undefined => runs.get(adapter)

type Run = <Row>(query: CompiledQuery) => Promise<QueryResult<Row>>

/**
 * The same within a transaction, by its executor. For each statement, Kysely made executors and borrowed the only
 * connection of the transaction, which took 4 of 9 µs.
 */
const transactionRuns = new WeakMap<QueryExecutor, Run>()

export const transactionRunOf = (executor: QueryExecutor): Run | undefined => transactionRuns.get(executor)

/**
 * Does the work of a transaction, whose prepared statements then run directly. Afterwards they don't, so Kysely refuses
 * one that comes after the end.
 */
export async function runDirectly<T>(trx: Kysely<Database>, work: () => Promise<T>): Promise<T> {
  const executor = trx.getExecutor()
  if (!directRunOf(executor.adapter)) return work()
  const connection = await executor.provideConnection(async (provided) => provided)
  transactionRuns.set(executor, (query) => connection.executeQuery(query))
  try {
    return await work()
  } finally {
    transactionRuns.delete(executor)
  }
}
