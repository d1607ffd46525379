import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from './free-port.js'
import type { PostgresAddress } from './postgres.js'

export const poolModes = ['session', 'transaction'] as const
export type PoolMode = (typeof poolModes)[number]

/** `tests/support/install-pgbouncer.sh` installs it. */
export const hasPgBouncer = spawnSync('pgbouncer', ['--version']).status === 0

/** A PgBouncer in front of every database of a PostgreSQL. */
export interface PgBouncer {
  readonly port: number
  /** The same database, through the pooler. */
  readonly through: (url: string) => string
  readonly stop: () => Promise<void>
}

/** Any unprivileged user: PgBouncer refuses to run as root. */
const nobody = 65_534

/**
 * Starts PgBouncer with the settings that matter to it and no others: above all, it ignores no start-up parameter.
 * `settings` are added to its configuration.
 */
export async function startPgBouncer(
  { adminUrl, role }: Pick<PostgresAddress, 'adminUrl' | 'role'>,
  mode: PoolMode,
  settings: Readonly<Record<string, number>> = {},
): Promise<PgBouncer> {
  const folder = await mkdtemp(join(tmpdir(), 'hallpass-pgbouncer-'))
  await chmod(folder, 0o755)
  const { listen_port: port = await freePort(), ...more } = settings
  const admin = new URL(adminUrl)
  const users = [role, { name: admin.username, password: admin.password }]
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  await writeFile(
    join(folder, 'users.txt'),
    users.map(({ name, password }) => `${quoted(name)} ${quoted(password)}\n`).join(''),
  )
  // in session mode each connection of a server has its own; in transaction mode a few serve all
  const defaults = { default_pool_size: mode === 'session' ? 60 : 8, server_idle_timeout: 3, ...more }
  const file = join(folder, 'pgbouncer.ini')
  await writeFile(
    file,
    `[databases]
* = host=${admin.hostname} port=${admin.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, 'users.txt')}
pool_mode = ${mode}
max_client_conn = 3000
${Object.entries(defaults)
  .map(([name, value]) => `${name} = ${value}\n`)
  .join('')}`,
  )
  const user = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {}
  const child = spawn('pgbouncer', [file], { ...user, stdio: ['ignore', 'ignore', 'pipe'] })
  const log: string[] = []
  child.stderr.on('data', (chunk) => log.push(String(chunk)))
  const exited = once(child, 'exit')
  const kill = () => void child.kill('SIGKILL')
  process.once('exit', kill)
  for (let attempt = 0; !(await accepts(port)); attempt++) {
    if (attempt === 100 || child.exitCode !== null) {
      kill()
      throw new Error(`PgBouncer did not start: ${log.join('')}`)
    }
    await delay(50)
  }
  return {
    port,
    through: (url) => Object.assign(new URL(url), { port: String(port) }).href,
    async stop() {
      process.off('exit', kill)
      kill()
      await exited
      await rm(folder, { recursive: true, force: true })
    },
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
}
