import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Postgres, query, startPostgres } from '../tests/support/postgres.js'
import { openSqliteFile } from '../tests/system/support/servers/server-parts.js'
import { parentOf, readCpu } from './cpu.js'
import type { Execute } from './fill.js'
import { benchFixture } from './fixture.js'

/** A server that is measured. */
export interface Running {
  readonly url: string
  readonly pid: number
  /** The parent process of its PostgreSQL. */
  readonly postgresPid?: number
  /** CPU time until it listened, in milliseconds. */
  readonly readyCpu: number
  readonly stop: () => Promise<void>
}

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url))

const servers = {
  'floor-post': ['floors.mjs', 'post'],
  'floor-get': ['floors.mjs', 'get'],
  'oidc-provider': ['peers/oidc-provider.mjs'],
  'better-auth': ['peers/better-auth.mjs'],
  'oauth2-server': ['peers/oauth2-server.mjs'],
  prism: ['peers/prism.mjs'],
} as const

/** A server by its name: Hallpass on a database, a floor or a peer. */
export type SubjectName = 'hallpass-sqlite' | 'hallpass-postgres' | keyof typeof servers

/** Starts a server on the first core. */
export async function startSubject(name: SubjectName): Promise<Running> {
  if (name === 'hallpass-sqlite') return startHallpass('sqlite')
  if (name === 'hallpass-postgres') return startHallpass('postgres')
  const [script, ...args] = servers[name]
  return start([path(script), ...args], {})
}

/** How `hallpass serve` is started. */
interface HallpassOptions {
  /** It is stopped once so that its database can be filled, and started again. */
  readonly fill?: (execute: Execute) => Promise<void>
  readonly fixture?: object
  /** So many processes. They begin on the first core. */
  readonly workers?: number
}

/** `hallpass serve`. */
export async function startHallpass(
  kind: 'sqlite' | 'postgres',
  { fill, fixture: content = benchFixture, workers = 1 }: HallpassOptions = {},
): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-bench-'))
  const fixture = join(folder, 'fixture.json')
  await writeFile(fixture, JSON.stringify(content))
  const file = join(folder, 'bench.db')
  // PostgreSQL runs on the second core, as if it were on another machine
  const postgres = kind === 'postgres' ? await startPostgres({ durable: true }) : undefined
  const database = await postgres?.createDatabase()
  const flags = {
    port: '0',
    'log-level': 'fatal',
    'failed-credentials-per-minute': '0',
    // 64 connections are more than a server of one core can handle, and wait longer on a busy machine
    'shed-after': 'off',
    'database-url': database ?? `file:${file}`,
    ...(workers > 1 ? { workers: String(workers), 'public-url': 'https://pass.example' } : {}),
  }
  const key = { HALLPASS_MASTER_KEY: randomBytes(32).toString('base64url') }
  const run = (more: Readonly<Record<string, string>>) => {
    const args = Object.entries({ ...flags, ...more }).flatMap(([flag, value]) => [`--${flag}`, value])
    return start([path('../packages/cli/bin/hallpass.js'), 'serve', ...args], key)
  }
  let server = await run({ fixture })
  if (fill) {
    await server.stop()
    await (postgres && database ? withPostgres(postgres, database, fill) : withSqlite(file, fill))
    server = await run({})
  }
  const stop = async () => {
    await server.stop()
    await postgres?.remove()
    await rm(folder, { recursive: true, force: true })
  }
  return { ...server, stop, ...(postgres ? { postgresPid: await pidOf(postgres) } : {}) }
}

async function pidOf({ adminUrl }: Postgres): Promise<number> {
  const [row] = await query<{ pid: number }>(
    adminUrl,
    "select pid from pg_stat_activity where backend_type = 'checkpointer'",
  )
  return parentOf(row?.pid ?? 0)
}

async function withSqlite(file: string, run: (execute: Execute) => Promise<void>): Promise<void> {
  const db = openSqliteFile(file)
  db.exec('pragma synchronous = OFF; begin')
  await run(async (sql) => {
    const statement = db.prepare(sql)
    if (statement.returnsRows) return statement.all() as Record<string, unknown>[]
    statement.run()
    return []
  })
  db.exec('commit')
  db.close()
}

/** As the administrator, because row-level security hides the rows from the role of the server. */
async function withPostgres(
  { adminUrl }: Postgres,
  database: string,
  run: (execute: Execute) => Promise<void>,
): Promise<void> {
  const url = Object.assign(new URL(adminUrl), { pathname: new URL(database).pathname }).href
  await run((sql) => query(url, sql))
  // as autovacuum would have done by now
  await query(url, 'vacuum analyze')
  await query(url, 'checkpoint')
}

/** One-time tokens in a database, with nothing around them; see floors-durable.mjs. */
export async function startDurableFloor(kind: 'sqlite' | 'postgres'): Promise<Running> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-floor-'))
  const postgres = kind === 'postgres' ? await startPostgres({ durable: true }) : undefined
  const target = (await postgres?.createDatabase()) ?? join(folder, 'floor.db')
  const server = await start([path('floors-durable.mjs'), kind, target], {})
  const stop = async () => {
    await server.stop()
    await postgres?.remove()
    await rm(folder, { recursive: true, force: true })
  }
  return { ...server, stop }
}

async function start(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Running> {
  const [command = '', ...all] = [...onFirstCore, process.execPath, ...args]
  const child = spawn(command, all, {
    env: { PATH: process.env.PATH ?? '', NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // also if the run fails
  process.once('exit', () => child.kill('SIGKILL'))
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const url = await firstUrl(child, args.join(' '))
  const pid = child.pid ?? 0
  const stop = async () => {
    child.kill('SIGTERM')
    await exited
  }
  return { url, pid, readyCpu: readCpu(pid) / 1000, stop }
}

/** The URL in the first line on stdout. */
function firstUrl(child: ChildProcess, name: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      text += chunk
      const [url] = /http:\/\/\S+/.exec(text) ?? []
      if (url && text.includes('\n')) resolve(url)
    })
    child.once('exit', (code) => reject(new Error(`${name} ended with code ${code}`)))
  })
}

export const hasTaskset = spawnSync('taskset', ['-V']).status === 0

const onFirstCore = hasTaskset ? ['taskset', '-c', '0'] : []

/** Moves a process, its threads and what it starts later. */
export const moveToCore = (pid: number, core: number): boolean =>
  spawnSync('taskset', ['-a', '-p', '-c', String(core), String(pid)]).status === 0

/** Moves this process, which makes the load. */
export const useSecondCore = (): boolean => hasTaskset && moveToCore(process.pid, 1)

/** In MiB. */
export function memoryOf({ pid }: Running): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Math.round(Number(kilobytes) / 1024)
}
