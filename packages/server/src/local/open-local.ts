import { systemClock } from '../clock.js'
import { type Config, loadConfig } from '../config.js'
import { auditChange, type Change } from '../execute/audit-change.js'
import { createAuditLog } from '../execute/log-audit.js'
import { createLog } from '../log.js'
import { type OpenStore, openStore } from '../open-store.js'
import type { ServeFlags } from '../settings/flag-variables.js'
import type { ChainedEntry } from '../store/queries/audit-chain.js'
import { requireDatabase } from '../store/sqlite/open-sqlite.js'
import type { Store } from '../store/store.js'

/** The database of a command that runs on the server's own host, with the same flags as `hallpass serve`. */
export interface HostOptions {
  readonly flags?: Pick<ServeFlags, 'database-url' | 'signing-alg'>
  readonly env?: NodeJS.ProcessEnv
}

/** The host's database, and the function that adds to its history. */
export interface OpenHost extends OpenStore {
  /**
   * Adds a change to the history, in the transaction that makes it. On the host no key is needed, so the entry names
   * none.
   */
  readonly record: (tx: Store, change: Omit<Change, 'by'>) => Promise<void>
}

/** Runs some work in the host's database. */
export async function withStore<T>(
  options: HostOptions & { readonly production?: boolean },
  work: (open: OpenHost, config: Config) => Promise<T>,
): Promise<T> {
  const config = loadConfig(options.flags, options.env)
  const open = await openStore(config, systemClock, { exclusive: false, production: options.production ?? false })
  const recorded: ChainedEntry[] = []
  const record: OpenHost['record'] = async (store, change) => {
    recorded.push(await auditChange({ ...open, clock: systemClock, store }, { by: null, ...change }))
  }
  try {
    const result = await work({ ...open, record }, config)
    if (config.auditLog !== 'off') recorded.forEach(createAuditLog(createLog(config), config.auditLog))
    return result
  } finally {
    await open.close()
  }
}

/** Runs some work in the host's database, which must exist: otherwise a typo in its name would create an empty one. */
export async function withDatabase<T>(
  options: HostOptions,
  work: (open: OpenHost, config: Config) => Promise<T>,
): Promise<T> {
  requireDatabase(loadConfig(options.flags, options.env).databaseUrl)
  return withStore(options, work)
}
