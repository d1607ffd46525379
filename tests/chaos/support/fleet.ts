import { randomBytes } from 'node:crypto'
import { type Postgres, startPostgres } from '../../support/postgres.js'
import { fixture } from '../../system/support/fixtures/fixture.js'
import { type Served, serve, writeFixture } from '../../system/support/servers/child-process.js'
import { temporaryFolder } from '../../system/support/servers/temporary-folder.js'

/** Several replicas on one database. */
export interface Fleet {
  readonly folder: string
  readonly databaseUrl: string
  /** In the format of HALLPASS_MASTER_KEY. */
  readonly masterKey: string
  /** Present only if the database is PostgreSQL. */
  readonly postgres: Postgres | undefined
  readonly replicas: Served[]
  readonly urls: () => readonly string[]
  /** Starts a replica, or replaces one on the same port. */
  readonly start: (flags?: Readonly<Record<string, string>>) => Promise<Served>
  readonly remove: () => Promise<void>
}

export interface FleetOptions {
  readonly database: 'postgres' | 'sqlite'
  readonly replicas: number
  readonly flags?: Readonly<Record<string, string>>
  /** Syncs every commit to disk, as in production. */
  readonly durable?: boolean
  readonly env?: Readonly<Record<string, string>>
  /** Used instead of a new folder. */
  readonly folder?: string
}

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const own = options.folder === undefined ? await temporaryFolder() : undefined
  const folder = options.folder ?? own?.path ?? ''
  await writeFixture(folder, 'fixture.json', fixture)
  const postgres =
    options.database === 'postgres' ? await startPostgres({ durable: options.durable ?? false }) : undefined
  const databaseUrl = postgres ? await postgres.createDatabase() : 'file:./hallpass.db'
  const masterKey = randomBytes(32).toString('base64url')
  const env = {
    HALLPASS_MASTER_KEY: masterKey,
    HALLPASS_DATABASE_URL: databaseUrl,
    HALLPASS_PUBLIC_URL: 'https://pass.example',
    HALLPASS_FIXTURE: './fixture.json',
    ...options.env,
  }
  const replicas: Served[] = []
  const start: Fleet['start'] = async (flags = {}) => {
    const replica = await serve({ cwd: folder, env, flags: { 'log-level': 'error', ...options.flags, ...flags } })
    replicas.push(replica)
    return replica
  }
  for (let count = 0; count < options.replicas; count++) await start()
  return {
    folder,
    databaseUrl,
    masterKey,
    postgres,
    replicas,
    urls: () => replicas.filter(isRunning).map(({ url }) => url),
    start,
    async remove() {
      await Promise.all(replicas.filter(isRunning).map((replica) => replica.stop('SIGKILL')))
      await postgres?.remove()
      await own?.remove()
    },
  }
}

export const isRunning = ({ process }: Served) => process.exitCode === null && process.signalCode === null

/** The fleet's database, for a role that bypasses row-level security. */
export function adminUrlOf({ postgres, databaseUrl }: Fleet): string {
  const url = new URL(postgres?.adminUrl ?? '')
  url.pathname = new URL(databaseUrl).pathname
  return url.href
}

/** A random element. */
export function anyOf<T>(items: readonly T[]): T {
  const item = items[Math.floor(Math.random() * items.length)]
  if (item === undefined) throw new Error('the list is empty')
  return item
}
