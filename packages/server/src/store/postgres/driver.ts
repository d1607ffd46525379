import type { PoolClient } from 'pg'
import { isDeferred } from '../deferred.js'
import { StoreUnavailable } from '../failure.js'
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from '../kysely.js'
import { scopeOf } from '../scope.js'
import type { ConnectionPool } from './pool.js'
import { toPostgresFailure } from './postgres-failure.js'
import { pooledLimitsOf } from './prepare-connection.js'
import { commitAfter, runPooled, runStatement, type Statement, type Step, scopeStep, toStep } from './scoped-query.js'
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

/** A borrowed connection. The borrower returns it with {@link release}. */
export class PostgresConnection implements DatabaseConnection {
  readonly #client: PoolClient
  readonly #pool: ConnectionPool
  #transaction: TransactionSteps | undefined
  #isLost = false

  constructor(client: PoolClient, pool: ConnectionPool) {
    this.#client = client
    this.#pool = pool
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
    const limits = pooledLimitsOf(this.#client)
    return this.#attempt(async () => {
      const { command, rowCount, rows } = limits
        ? await runPooled(this.#client, statement, limits)
        : await runStatement(this.#client, statement, this.#stepsBefore(statement))
      const isWrite = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE'
      return isWrite ? { rows, numAffectedRows: BigInt(rowCount ?? 0) } : { rows }
    })
  }

  #stepsBefore({ text, scope }: Statement): readonly Step[] {
    if (this.#transaction) return this.#transaction.take(text, scope)
    return scope === undefined ? [] : [scopeStep(text, scope)]
  }

  async begin(): Promise<void> {
    // through a pooler, nothing is prepared
    if (pooledLimitsOf(this.#client)) await this.#attempt(() => this.#client.query('begin'))
    else this.#transaction = createTransactionSteps()
  }

  async commit(): Promise<void> {
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
