import type { PoolClient } from 'pg'
import type { Deadline } from '../../deadline.js'
import { requireTime } from '../bound-database.js'
import { isDeferred } from '../deferred.js'
import { StoreUnavailable } from '../failure.js'
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from '../kysely.js'
import { scopeOf } from '../scope.js'
import type { ConnectionPool } from './pool.js'
import { toPostgresFailure } from './postgres-failure.js'
import { pooledLimitsOf } from './prepare-connection.js'
import {
  commitAfter,
  limitStep,
  runPooled,
  runStatement,
  type Statement,
  type Step,
  scopeStep,
  toStep,
} from './scoped-query.js'
import { createTransactionSteps, type TransactionSteps } from './transaction-steps.js'

/** Runs Kysely's queries on a pool: in their scope, prepared, and with every database failure as StoreUnavailable. */
export function createDriver(pool: ConnectionPool): Driver {
  return {
    init: async () => {},
    acquireConnection: async () => new PostgresConnection(await pool.acquire(), pool),
    beginTransaction: (connection) => toOurs(connection).begin(),
    commitTransaction: (connection) => toOurs(connection).commit(),
    rollbackTransaction: (connection) => toOurs(connection).rollback(),
    releaseConnection: async (connection) => toOurs(connection).release(),
    destroy: () => pool.end(),
  }
}

/** Kysely returns the connections that it was given. */
const toOurs = (connection: DatabaseConnection) => connection as PostgresConnection

/** How long before the deadline PostgreSQL ends a statement, so that it says so in time and keeps the connection. */
const endMilliseconds = 100

/** A borrowed connection. The borrower returns it with {@link release}. */
export class PostgresConnection implements DatabaseConnection {
  readonly #client: PoolClient
  readonly #pool: ConnectionPool
  readonly #deadline: Deadline | undefined
  #transaction: TransactionSteps | undefined
  #isLost = false

  constructor(client: PoolClient, pool: ConnectionPool, deadline?: Deadline) {
    this.#client = client
    this.#pool = pool
    this.#deadline = deadline
  }

  async executeQuery<R>({ sql, parameters, queryId }: CompiledQuery): Promise<QueryResult<R>> {
    const statement = { text: sql, values: [...parameters], scope: scopeOf(queryId) }
    if (this.#transaction && isDeferred(queryId)) {
      const step = toStep(this.#client, statement)
      if (step) {
        this.#transaction.add(step, statement.scope)
        return { rows: [] }
      }
    }
    return this.#run<R>(statement)
  }

  run<R>(text: string, values: unknown[]): Promise<QueryResult<R>> {
    return this.#run<R>({ text, values, scope: undefined })
  }

  #run<R>(statement: Statement): Promise<QueryResult<R>> {
    const pooled = pooledLimitsOf(this.#client)
    return this.#attempt(async () => {
      requireTime(this.#deadline)
      const left = this.#left()
      const { command, rowCount, rows } = pooled
        ? await runPooled(this.#client, statement, { ...pooled, statement: left ?? pooled.statement })
        : await runStatement(this.#client, statement, this.#stepsBefore(statement, left))
      const isWrite = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE'
      return isWrite ? { rows, numAffectedRows: BigInt(rowCount ?? 0) } : { rows }
    })
  }

  /** Milliseconds for the next statement, if the usual limit would be too long. */
  #left(): number | undefined {
    if (!this.#deadline) return undefined
    const left = Math.max(1, Math.floor(this.#deadline.left()) - endMilliseconds)
    const usual = this.#pool.limits.statement
    return usual === 0 || left < usual ? left : undefined
  }

  #stepsBefore({ text, scope }: Statement, left: number | undefined): readonly Step[] {
    const limit = left === undefined ? [] : [limitStep(left)]
    if (this.#transaction) return [...this.#transaction.take(text, scope), ...limit]
    return scope === undefined ? limit : [scopeStep(text, scope), ...limit]
  }

  async begin(): Promise<void> {
    // through a pooler, nothing is prepared
    if (pooledLimitsOf(this.#client)) await this.#attempt(() => this.#client.query('begin'))
    else this.#transaction = createTransactionSteps()
  }

  async commit(): Promise<void> {
    requireTime(this.#deadline)
    const left = this.#transaction?.end()
    this.#transaction = undefined
    // of a transaction without a statement, nothing was sent
    if (left !== 'not begun') await this.#attempt(() => commitAfter(this.#client, left ?? []))
  }

  async rollback(): Promise<void> {
    const left = this.#transaction?.end()
    this.#transaction = undefined
    if (left === 'not begun') return
    // if the rollback fails, closing the connection rolls back; the caller gets the original error
    await this.#attempt(() => this.#client.query('rollback')).catch(() => this.lose())
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    if (this.#isLost) throw new StoreUnavailable('the connection to PostgreSQL is lost')
    try {
      return await work()
    } catch (error) {
      const failure = toPostgresFailure(error)
      if (failure instanceof StoreUnavailable) this.#consider(error)
      throw failure
    }
  }

  // biome-ignore lint/correctness/useYield: nothing here reads a stream, but Kysely's interface requires the method
  async *streamQuery(): AsyncIterableIterator<never> {
    throw new Error('streams are not used')
  }

  lose(): void {
    this.#isLost = true
  }

  release(): void {
    this.#pool.release(this.#client, this.#isLost)
  }

  /**
   * After a statement that PostgreSQL itself ended, the connection is still usable. After any other error, it isn't.
   */
  #consider(error: unknown): void {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (/^(40|55)|^57014$/.test(code)) return
    this.#isLost = true
    if (error instanceof Error && error.message === 'Query read timeout') this.#pool.reportSilence()
  }
}
