import type { PoolClient } from 'pg'
import { StoreUnavailable } from '../failure.js'
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from '../kysely.js'
import { scopeOf } from '../scope.js'
import type { ConnectionPool } from './pool.js'
import { toPostgresFailure } from './postgres-failure.js'
import { pooledLimitsOf } from './prepare-connection.js'
import { runPooled, runStatement } from './scoped-query.js'

/** Runs Kysely's queries on a pool: in their scope, prepared, and with every database failure as StoreUnavailable. */
export function createDriver(pool: ConnectionPool): Driver {
  const control = (connection: DatabaseConnection, text: 'begin' | 'commit' | 'rollback') =>
    toOurs(connection).control(text)
  return {
    init: async () => {},
    acquireConnection: async () => new PostgresConnection(await pool.acquire(), pool),
    beginTransaction: async (connection) => void (await control(connection, 'begin')),
    commitTransaction: async (connection) => void (await control(connection, 'commit')),
    async rollbackTransaction(connection) {
      // if the rollback fails, closing the connection rolls back; the caller gets the original error
      await control(connection, 'rollback').catch(() => toOurs(connection).lose())
    },
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
  #isLost = false

  constructor(client: PoolClient, pool: ConnectionPool) {
    this.#client = client
    this.#pool = pool
  }

  executeQuery<R>({ sql, parameters, queryId }: CompiledQuery): Promise<QueryResult<R>> {
    return this.run(sql, [...parameters], scopeOf(queryId))
  }

  async run<R>(text: string, values: unknown[], scope?: string): Promise<QueryResult<R>> {
    const limits = pooledLimitsOf(this.#client)
    const statement = { text, values, scope }
    return this.#attempt(async () => {
      const { command, rowCount, rows } = limits
        ? await runPooled(this.#client, statement, limits)
        : await runStatement(this.#client, statement)
      const isWrite = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE'
      return isWrite ? { rows, numAffectedRows: BigInt(rowCount ?? 0) } : { rows }
    })
  }

  /** Begins or ends a transaction. */
  control(text: 'begin' | 'commit' | 'rollback'): Promise<unknown> {
    return this.#attempt(() => this.#client.query(text))
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
