import type { Logger } from 'pino'
import type { Deadline } from './deadline.js'
import type { ProcessClock } from './process-clock.js'
import type { CacheCounts } from './store/cache.js'
import { cacheStore } from './store/cached-store.js'
import type { OpenDatabase, SharedDatabase } from './store/database.js'
import type { Store } from './store/store.js'

interface Deps {
  readonly store: Store
  readonly storeUntil: (deadline: Deadline) => Store
  readonly shared: SharedDatabase | undefined
  readonly readVersion: OpenDatabase['readVersion']
  readonly processClock: Pick<ProcessClock, 'ownNow' | 'observe'>
  readonly log: Logger
  /** Whether other servers may use the database at the same time. */
  readonly isShared: boolean
}

/** A store that caches some rows, and what other servers do with its database. */
interface FollowedDatabase {
  readonly store: Store
  /** The same store, with the same cached rows, for a call: see `OpenDatabase.dbUntil`. */
  readonly storeUntil: (deadline: Deadline) => Store
  /** Follows changes by other servers, where the database announces them. Returns a function that stops. */
  readonly watch: (reloadKeys: () => Promise<void>) => Promise<() => Promise<void>>
  /** How many servers use the database now. */
  readonly servers: () => number
  readonly caches: () => Readonly<Record<string, CacheCounts>>
}

/** Through a pooler in transaction mode, servers can't be counted. More than this are rare. */
const assumedServers = 4

const pooledWarning =
  'The database is behind a connection pooler in transaction mode, so changes made by other servers take effect within 1 s instead of at once. Set HALLPASS_DATABASE_DIRECT_URL to the address of PostgreSQL itself.'

export function followDatabase(deps: Deps): FollowedDatabase {
  const { shared, processClock, log, isShared } = deps
  const cached = cacheStore(deps.store, deps)
  const { store, counts: caches } = cached
  const storeUntil = (deadline: Deadline) => cached.viewOf(deps.storeUntil(deadline))
  if (!shared) return { store, storeUntil, watch: async () => async () => {}, servers: () => 1, caches }
  let lostAt: number | undefined
  let isPooled = false
  let servers = 1
  const watch = (reloadKeys: () => Promise<void>) =>
    shared.watch({
      now: processClock.ownNow,
      onTime: processClock.observe,
      onChange(table, accountId) {
        cached.expire(accountId)
        if (lostAt !== undefined && table === undefined) {
          log.info({ seconds: Math.round((performance.now() - lostAt) / 1000) }, 'The database is back.')
          lostAt = undefined
        }
        if (table !== undefined && table !== 'signing_keys' && table !== 'settings') return
        // the next reload follows within a second
        reloadKeys().catch((cause: unknown) => log.warn({ cause }, 'Reloading keys failed.'))
      },
      onLoss(cause) {
        lostAt ??= performance.now()
        log.warn({ cause }, 'Notifications from the database were interrupted.')
      },
      onServers(count) {
        servers = count
      },
      onPooled() {
        servers = assumedServers
        if (!isPooled) log.warn(pooledWarning)
        isPooled = true
      },
      isShared,
    })
  return { store, storeUntil, watch, servers: () => servers, caches }
}
