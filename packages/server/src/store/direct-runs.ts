import type { CompiledQuery, DialectAdapter, QueryResult } from './kysely.js'

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
