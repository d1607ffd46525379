import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { StartError } from '../../errors.js'
import { backOff } from '../back-off.js'
import type { SharedDatabase, Watching } from '../database.js'
import { StoreUnavailable } from '../failure.js'
import { connectionTo, socketOf } from './connect.js'
import { keepsSession } from './keeps-session.js'
import { askTime } from './read-time.js'

const channel = 'hallpass_changes'
const heartbeatMilliseconds = 1_000
/** Each server holds this lock: shared if it allows other servers, exclusive if it doesn't. */
const serverLockId = 7_261_004_001

/** What to watch: the URL of the connection to keep, and a way to run a statement on another connection. */
interface Watched {
  readonly url: string
  readonly query: SharedDatabase['query']
}

/**
 * Watches over its own connection until it is stopped. After a lost connection, reconnects and reports that anything
 * may have changed. Throws a StartError if another server uses a database that isn't shared.
 */
export async function watchPostgres(database: Watched, watching: Watching): Promise<() => Promise<void>> {
  const stopping = new AbortController()
  let client = await connect(database, watching)
  const watchOn = async () => {
    while (!stopping.signal.aborted) {
      await heartbeat(client, watching, stopping.signal)
      client.end().catch(() => {})
      if (!stopping.signal.aborted) client = await reconnect(database, watching, stopping.signal, client)
    }
  }
  const watched = watchOn()
  return async () => {
    stopping.abort()
    await Promise.race([watched, delay(heartbeatMilliseconds, undefined, { ref: false })])
    socketOf(client).destroy()
  }
}

async function connect({ url, query }: Watched, watching: Watching): Promise<pg.Client> {
  const client = new pg.Client({ ...connectionTo(url).config, application_name: 'hallpass watch' })
  client.on('error', () => {})
  client.on('notification', (notice) => {
    if (notice.channel !== channel) return
    const [table, accountId] = (notice.payload ?? '').split(' ', 2)
    watching.onChange(table, accountId)
  })
  try {
    await client.connect()
    if (await keepsSession(client, { query })) {
      await acquireServerLock(client, watching.isShared)
      await client.query(`listen ${channel}`)
    } else {
      await checkServerLock(client, watching.isShared)
      watching.onPooled()
    }
    await readClock(client, watching)
    watching.onChange(undefined, undefined)
    return client
  } catch (error) {
    client.end().catch(() => {})
    throw error instanceof StartError ? error : new StoreUnavailable('PostgreSQL cannot be watched', { cause: error })
  }
}

async function reconnect(
  database: Watched,
  watching: Watching,
  signal: AbortSignal,
  last: pg.Client,
): Promise<pg.Client> {
  for (let attempt = 1; !signal.aborted; attempt++) {
    await backOff(attempt, signal)
    try {
      return await connect(database, watching)
    } catch (error) {
      watching.onLoss(error)
    }
  }
  return last
}

/** Reads the database's clock every second until the connection is lost. */
async function heartbeat(client: pg.Client, watching: Watching, signal: AbortSignal): Promise<void> {
  try {
    while (!signal.aborted) {
      await delay(heartbeatMilliseconds, undefined, { signal, ref: false })
      await readClock(client, watching)
    }
  } catch (error) {
    if (!signal.aborted) watching.onLoss(error)
  }
}

async function readClock(client: pg.Client, { now, onTime, onServers }: Watching): Promise<void> {
  const asked = now()
  const { rows } = await client.query<{ time: number; servers: number }>(`${askTime}, ${countServers}`, [serverLockId])
  const { time = asked, servers = 0 } = rows[0] ?? {}
  onTime({ asked, answered: now(), time })
  // through a pooler in transaction mode, servers hold no lock
  if (servers > 0) onServers(servers)
}

/** Servers in different schemas of a database have nothing to do with each other. */
const lockId = "$1::bigint + case current_schema() when 'public' then 0 else hashtext(current_schema()) end"

/** Counts the holders of the lock. PostgreSQL shows its number in two halves. */
const countServers = `(select count(*)::int from pg_locks where locktype = 'advisory' and granted
  and database = (select oid from pg_database where datname = current_database())
  and (classid::bigint << 32 | objid::bigint) = ${lockId}) as servers`

async function acquireServerLock(client: pg.Client, isShared: boolean): Promise<void> {
  await tryLock(client, isShared ? 'pg_try_advisory_lock_shared' : 'pg_try_advisory_lock')
}

/**
 * Through a pooler in transaction mode no lock can be held. A server that shares the database checks that no other
 * server needs it alone; a server that needs it alone can't make sure.
 */
async function checkServerLock(client: pg.Client, isShared: boolean): Promise<void> {
  if (isShared) return tryLock(client, 'pg_try_advisory_xact_lock_shared')
  throw new StartError(
    'Through this connection pooler, Hallpass cannot check that no other server uses the database. Set HALLPASS_DATABASE_DIRECT_URL to the address of PostgreSQL itself, or HALLPASS_PUBLIC_URL to allow several servers.',
  )
}

async function tryLock(client: pg.Client, claim: string): Promise<void> {
  const { rows } = await client.query<{ held: boolean }>(`select ${claim}(${lockId}) as held`, [serverLockId])
  if (rows[0]?.held) return
  throw new StartError('Another server uses this database. To run more than one, set HALLPASS_PUBLIC_URL for each.')
}
