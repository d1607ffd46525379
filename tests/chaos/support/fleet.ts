import { randomBytes } from 'node:crypto'
import { fixture } from '../../system/support/fixture.js'
import { type Served, serve, writeFixture } from '../../system/support/serve.js'
import { temporaryFolder } from '../../system/support/temporary-folder.js'

/** Servers, one after the other, on one database. */
export interface Fleet {
  readonly folder: string
  readonly databaseUrl: string
  /** As HALLPASS_MASTER_KEY has it. */
  readonly masterKey: string
  readonly replicas: Served[]
  readonly urls: () => readonly string[]
  /** Starts one more, or one in the place of another, on its port. */
  readonly start: (flags?: Readonly<Record<string, string>>) => Promise<Served>
  readonly remove: () => Promise<void>
}

export interface FleetOptions {
  readonly replicas: number
  readonly flags?: Readonly<Record<string, string>>
  /** In place of a folder of its own. */
  readonly folder?: string
}

export async function startFleet(options: FleetOptions): Promise<Fleet> {
  const own = options.folder === undefined ? await temporaryFolder() : undefined
  const folder = options.folder ?? own?.path ?? ''
  await writeFixture(folder, 'fixture.json', fixture)
  const databaseUrl = 'file:./hallpass.db'
  const masterKey = randomBytes(32).toString('base64url')
  const env = {
    HALLPASS_MASTER_KEY: masterKey,
    HALLPASS_DATABASE_URL: databaseUrl,
    HALLPASS_PUBLIC_URL: 'https://pass.example',
    HALLPASS_FIXTURE: './fixture.json',
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
    replicas,
    urls: () => replicas.filter(isRunning).map(({ url }) => url),
    start,
    async remove() {
      await Promise.all(replicas.filter(isRunning).map((replica) => replica.stop('SIGKILL')))
      await own?.remove()
    },
  }
}

export const isRunning = ({ process }: Served) => process.exitCode === null && process.signalCode === null
