import type { PoolClient } from 'pg'
import { StoreUnavailable } from '../failure.js'
import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from '../kysely.js'
import { scopeOf } from '../scope.js'
import type { ConnectionPool } from './pool.js'
import { toPostgresFailure } from './postgres-failure.js'
import { runStatement } from './scoped-query.js'

/** Runs Kysely's queries on a pool: in their scope, prepared, and with every database failure as StoreUnavailable. */
export function createDriver(pool: ConnectionPool): Driver {
  const run = (connection: DatabaseConnection, sql: string) => toOurs(connection).run(sql, [])
  return {
    init: async () => {},
    acquireConnection: async () => new PostgresConnection(await pool.acquire(), pool),
    beginTransaction: async (connection) => void (await run(connection, 'begin')),
    commitTransaction: async (connection) => void (await run(connection, 'commit')),
    async rollbackTransaction(connection) {
      // if the rollback fails, closing the connection rolls back; the caller gets the original error
      await run(connection, 'rollback').catch(() => toOurs(connection).lose())
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
    if (this.#isLost) throw new StoreUnavailable('the connection to PostgreSQL is lost')
    try {
      const { command, rowCount, rows } = await runStatement(this.#client, { text, values, scope })
      const isWrite = command === 'INSERT' || command === 'UPDATE' || command === 'DELETE'
      return isWrite ? { rows, numAffectedRows: BigInt(rowCount ?? 0) } : { rows }
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
