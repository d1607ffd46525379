import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { type Deadline, limitTime } from '../../deadline.js'
import { backOff } from '../back-off.js'
import { requireTime } from '../bound-database.js'
import type { PoolState } from '../database.js'
import { StoreUnavailable } from '../failure.js'
import { type Connecting, connectionTo, socketOf, type TimeLimits } from './connect.js'
import { prepareConnection } from './prepare-connection.js'

/** Connections, borrowed one at a time. */
export interface ConnectionPool {
  /**
   * Waits for a connection for a limited time, at most until a deadline. Throws StoreUnavailable at once if the database
   * is known to be down.
   */
  readonly acquire: (deadline?: Deadline) => Promise<pg.PoolClient>
  /** The usual limits of what runs on its connections. */
  readonly limits: TimeLimits
  /** Returns a connection. A lost one is closed. */
  readonly release: (client: pg.PoolClient, isLost: boolean) => void
  /** Reports that the database did not respond, so that no call waits for it until it does. */
  readonly reportSilence: () => void
  readonly state: () => PoolState
  /** How long the first of those that wait for a connection has waited, in milliseconds. 0 if none waits. */
  readonly delay: () => number
  readonly end: () => Promise<void>
}

/** If more than this many callers wait for a connection, the last ones won't get one in time. */
const maxWaiting = 1_000

/** How long closing a connection may take. */
const farewellMilliseconds = 1_000

/**
 * A pool that refuses calls at once while the database is down, and checks whether it is back. `isPooled` says that the
 * connections lead to a pooler; otherwise each connection is examined.
 */
export function createPool({ config, limits }: Connecting, { isPooled = false } = {}): ConnectionPool {
  const pool = new pg.Pool({ ...config, onConnect: (client) => prepareConnection(client, { limits, isPooled }) })
  // an idle connection that is lost is replaced when it is next needed
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  const clients = new Set<pg.PoolClient>()
  pool.on('connect', (client) => clients.add(client))
  pool.on('remove', (client) => clients.delete(client))
  const ended = new AbortController()
  const waiting = new Set<{ readonly since: number }>()
  let isGone = false
  let isAsking = false
  const reportSilence = async () => {
    if (isAsking) return
    isAsking = true
    // a slow connection doesn't affect others as long as a new one can be opened in time
    for (let attempt = 1; !ended.signal.aborted && !(await answers(config)); attempt++) {
      isGone = true
      await backOff(attempt, ended.signal)
    }
    isGone = false
    isAsking = false
  }
  return {
    limits,
    async acquire(deadline) {
      requireTime(deadline)
      if (isGone) throw new StoreUnavailable('PostgreSQL is gone')
      if (pool.waitingCount >= maxWaiting) throw new StoreUnavailable('too many wait for PostgreSQL')
      const isFull = pool.totalCount >= (config.max ?? 0)
      const place = { since: performance.now() }
      waiting.add(place)
      try {
        return await (deadline ? connectBefore(pool, deadline) : pool.connect())
      } catch (error) {
        // if all connections are busy, the database is only slow
        if (!isFull && !isRefusal(error) && !(error instanceof StoreUnavailable)) reportSilence()
        // whatever the reason, such as a password that was changed: nothing is wrong with the call
        throw new StoreUnavailable('PostgreSQL gives no connection', { cause: error })
      } finally {
        waiting.delete(place)
      }
    },
    release: (client, isLost) => client.release(isLost),
    reportSilence,
    state: () => ({
      total: pool.totalCount,
      idle: pool.idleCount,
      max: config.max ?? 0,
      waiting: pool.waitingCount,
    }),
    delay() {
      for (const { since } of waiting) return performance.now() - since
      return 0
    },
    async end() {
      ended.abort()
      await Promise.race([pool.end(), delay(farewellMilliseconds, undefined, { ref: false })])
      // a database that hangs doesn't close its connections properly
      for (const client of clients) socketOf(client).destroy()
    },
  }
}

/** A connection that comes after the deadline goes back to the pool. */
function connectBefore(pool: pg.Pool, deadline: Deadline): Promise<pg.PoolClient> {
  const connecting = pool.connect()
  return limitTime(deadline).settle(connecting, () => {
    connecting.then(
      (client) => client.release(),
      () => {},
    )
    throw new StoreUnavailable('no connection was free before the deadline of the call')
  })
}

/** The database responded: it has no room for another connection, or rejects this user. */
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

/** The pool of a server, with this maximum number of connections. */
export function poolOf(url: string, max: number): Connecting {
  const { config, limits } = connectionTo(url)
  return { config: { ...config, max, idleTimeoutMillis: 60_000 }, limits }
}
