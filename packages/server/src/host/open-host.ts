import { type OperationId, operations } from '@hallpass/contracts'
import { systemClock } from '../clock.js'
import { type Config, loadConfig, type ServeFlags } from '../config.js'
import { auditChange, type Change } from '../execute/audit-change.js'
import { type OpenStore, openStore } from '../open-store.js'
import { requireDatabase } from '../store/open-sqlite.js'
import type { Store } from '../store/store.js'

/** Which database a command works on that runs on the server's own host, as `hallpass serve` is told it. */
export interface HostOptions {
  readonly flags?: Pick<ServeFlags, 'database-url' | 'signing-alg'>
  readonly env?: NodeJS.ProcessEnv
}

/** Does some work in the host's database. */
export async function withStore<T>(
  options: HostOptions & { readonly production?: boolean },
  work: (open: OpenStore, config: Config) => Promise<T>,
): Promise<T> {
  const config = loadConfig(options.flags, options.env)
  const open = await openStore(config, systemClock, { exclusive: false, production: options.production ?? false })
  try {
    return await work(open, config)
  } finally {
    await open.close()
  }
}

/** Does some work in the host's database, which has to be there: a slip in its name would make an empty one. */
export async function withDatabase<T>(
  options: HostOptions,
  work: (open: OpenStore, config: Config) => Promise<T>,
): Promise<T> {
  requireDatabase(loadConfig(options.flags, options.env).databaseUrl)
  return withStore(options, work)
}

/** Whoever works on the host needs no key, and leaves an entry all the same. */
export const auditOnHost = (tx: Store, id: OperationId, change: Pick<Change, 'accountId' | 'input' | 'value'>) =>
  auditChange(systemClock, tx, { operation: operations[id], by: null, ...change })
