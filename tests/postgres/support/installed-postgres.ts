import { execFileSync, spawn } from 'node:child_process'
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { freePort } from '../../support/free-port.js'
import { type PostgresAddress, query } from '../../support/postgres.js'

/** The PostgreSQL of this machine, which has client programs of the same version. */
export interface InstalledPostgres extends PostgresAddress {
  /** The folder of its programs. */
  readonly programs: string
  readonly remove: () => Promise<void>
}

/** The folder of its programs, if `tests/support/install-postgresql.sh` or someone else installed it. */
export function installedPrograms(): string | undefined {
  const versions = existsSync(place) ? readdirSync(place).toSorted((one, other) => Number(one) - Number(other)) : []
  return versions.map((version) => join(place, version, 'bin')).findLast((bin) => existsSync(join(bin, 'initdb')))
}

const place = '/usr/lib/postgresql'

const role = { name: 'hallpass', password: 'hallpass' }

export async function startInstalledPostgres(programs: string): Promise<InstalledPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'hallpass-installed-postgres-'))
  // PostgreSQL refuses to run as root
  const user = process.getuid?.() === 0 ? idsOf('postgres') : undefined
  if (user) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const options = { ...user, cwd: folder, stdio: 'ignore' } as const
  execFileSync(join(programs, 'initdb'), ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '-N'], options)
  const port = await freePort()
  const flags = ['listen_addresses=127.0.0.1', 'unix_socket_directories=', 'fsync=off'].flatMap((flag) => ['-c', flag])
  const server = spawn(join(programs, 'postgres'), ['-D', data, '-p', String(port), ...flags], options)
  const ended = new Promise((resolve) => server.once('exit', resolve))
  const adminUrl = `postgres://postgres@127.0.0.1:${port}/postgres`
  await untilItAnswers(adminUrl)
  await query(adminUrl, `create role ${role.name} login password '${role.password}'`)
  return {
    adminUrl,
    role,
    migrated: 'hallpass_migrated',
    programs,
    async remove() {
      server.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function untilItAnswers(url: string): Promise<void> {
  for (let attempts = 1; ; attempts++) {
    try {
      await query(url, 'select 1')
      return
    } catch (error) {
      if (attempts === 300) throw error
      await delay(100)
    }
  }
}

const idsOf = (user: string) => ({
  uid: Number(execFileSync('id', ['-u', user], { encoding: 'utf8' })),
  gid: Number(execFileSync('id', ['-g', user], { encoding: 'utf8' })),
})
