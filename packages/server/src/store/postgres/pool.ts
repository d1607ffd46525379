import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { backOff } from '../back-off.js'
import { StoreUnavailable } from '../failure.js'
import { connectionConfig, socketOf } from './connect.js'
import { toPostgresFailure } from './postgres-failure.js'
import { prepareScope } from './scoped-query.js'

/** Connections, borrowed one at a time. */
export interface ConnectionPool {
  /** Waits for a connection for a bounded time. Throws StoreUnavailable, at once while the database is known to be gone. */
  readonly acquire: () => Promise<pg.PoolClient>
  /** Gives one back; one that is lost is closed. */
  readonly release: (client: pg.PoolClient, isLost: boolean) => void
  /** Says that the database did not answer, so that nobody waits for it until it does. */
  readonly reportSilence: () => void
  readonly end: () => Promise<void>
}

/** More than this many that wait for a connection would not have their turn in time. */
const maxWaiting = 1_000

/** How long a closing connection may take. */
const farewellMilliseconds = 1_000

async function prepareConnection(client: pg.ClientBase): Promise<void> {
  for (const statement of prepareScope) await client.query(statement)
}

/** A pool that asks a database that is gone whether it is back, and meanwhile refuses at once. */
export function createPool(config: pg.PoolConfig): ConnectionPool {
  const pool = new pg.Pool({ ...config, onConnect: prepareConnection })
  // a connection that is lost while nobody uses it is replaced when somebody needs one
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const clients = new Set<pg.PoolClient>()
  pool.on('connect', (client) => clients.add(client))
  pool.on('remove', (client) => clients.delete(client))
  const ended = new AbortController()
  let isGone = false
  let isAsking = false
  const reportSilence = async () => {
    if (isAsking) return
    isAsking = true
    // one connection that is slow is none of the others' concern, as long as another is made in time
    for (let attempt = 1; !ended.signal.aborted && !(await answers(config)); attempt++) {
      isGone = true
      await backOff(attempt, ended.signal)
    }
    isGone = false
    isAsking = false
  }
  return {
    async acquire() {
      if (isGone) throw new StoreUnavailable('PostgreSQL is gone')
      if (pool.waitingCount >= maxWaiting) throw new StoreUnavailable('too many wait for PostgreSQL')
      const isFull = pool.totalCount >= (config.max ?? 0)
      try {
        return await pool.connect()
      } catch (error) {
        // where all connections are busy, the database is only slow
        if (!isFull && !isRefusal(error)) reportSilence()
        throw toPostgresFailure(error)
      }
    },
    release: (client, isLost) => client.release(isLost),
    reportSilence,
    async end() {
      ended.abort()
      await Promise.race([pool.end(), delay(farewellMilliseconds, undefined, { ref: false })])
      // a database that hangs does not say goodbye
      for (const client of clients) socketOf(client).destroy()
    },
  }
}

/** The database answered: it has no room for another connection, or does not let this user in. */
const isRefusal = (error: unknown) =>
  error instanceof pg.DatabaseError && ['53', '28', '3D'].includes(error.code?.slice(0, 2) ?? '')

async function answers(config: pg.ClientConfig): Promise<boolean> {
  const probe = { application_name: 'hallpass probe', connectionTimeoutMillis: 1_500, query_timeout: 1_500 }
  const client = new pg.Client({ ...config, ...probe })
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query('select 1')
    return true
  } catch {
    return false
  } finally {
    client.end().catch(() => {})
  }
}

export const poolConfig = (connectionString: string, max: number): pg.PoolConfig => ({
  ...connectionConfig(connectionString),
  max,
  idleTimeoutMillis: 60_000,
})
