import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest'
import { readText, root } from '../rules/support/repository.js'
import { freePort } from '../support/free-port.js'
import { hasPgBouncer } from '../support/pgbouncer.js'
import { createDatabase, type PostgresAddress } from '../support/postgres.js'
import { acme } from '../system/support/fixtures/fixture.js'
import { paths } from '../system/support/fixtures/mint.js'
import { startServer } from '../system/support/servers/in-process-server.js'
import { temporaryFolder } from '../system/support/servers/temporary-folder.js'

const { poolerPort: _, ...postgres } = inject('postgres') as PostgresAddress
const soon = { timeout: 20_000, interval: 50 }
const hasNginx = spawnSync('nginx', ['-v']).status === 0
const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const isRoot = process.getuid?.() === 0
/** PgBouncer doesn't run as root. */
const nobody = 65_534

if (!hasNginx || !hasPgBouncer) process.stderr.write('Skipped without nginx and PgBouncer.\n')

describe.skipIf(!hasNginx || !hasPgBouncer || !hasOpenssl)('deploy/compose', () => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>
  const secret = (name: string) => readFileSync(join(folder.path, 'secrets', name), 'utf8').trim()
  const makeSecrets = () => execFileSync(join(root, 'deploy/compose/make-secrets.sh'), [folder.path], { stdio: 'pipe' })
  beforeAll(async () => {
    folder = await temporaryFolder()
    makeSecrets()
  })
  afterAll(() => folder.remove())

  /** Starts a program with a file of the folder, in which only addresses and paths differ. */
  function run(program: string, args: readonly string[], file: string, changes: Readonly<Record<string, string>>) {
    let text = readText(`deploy/compose/${file}`)
    for (const [from, to] of Object.entries(changes)) {
      expect(text).toContain(from)
      text = text.replaceAll(from, to)
    }
    const path = join(folder.path, file)
    writeFileSync(path, text)
    const user = isRoot && program === 'pgbouncer' ? { uid: nobody, gid: nobody } : {}
    const child = spawn(program, [...args, path], { ...user, stdio: ['ignore', 'ignore', 'pipe'] })
    const log: string[] = []
    child.stderr.on('data', (chunk) => log.push(String(chunk)))
    const exited = once(child, 'exit')
    onTestFinished(async () => {
      child.kill(program === 'nginx' ? 'SIGQUIT' : 'SIGKILL')
      await exited
    })
    return { log }
  }

  test('make-secrets.sh makes every secret of compose.yaml once, in a folder of its owner', () => {
    const named = [...readText('deploy/compose/compose.yaml').matchAll(/file: \.\/secrets\/(\S+)/g)].map(
      ([, name = '']) => name,
    )
    expect(named.length).toBeGreaterThan(5)
    const before = named.map(secret)
    expect(before.filter((text) => text === '')).toEqual([])
    expect(statSync(join(folder.path, 'secrets')).mode & 0o777).toBe(0o700)
    expect(secret('master-key')).toMatch(/^[\w-]{43}$/)
    makeSecrets()
    expect(named.map(secret)).toEqual(before)
  })

  test('a session is minted through nginx with TLS, a server, PgBouncer and PostgreSQL', async () => {
    const { hostname, port: postgresPort, pathname } = new URL(await createDatabase(postgres))
    const [poolerPort, tlsPort, plainPort] = [await freePort(), await freePort(), await freePort()]
    // the user of PgBouncer must enter the folder, as in its container
    for (const path of [folder.path, join(folder.path, 'secrets')]) chmodSync(path, 0o755)
    writeFileSync(join(folder.path, 'secrets/pgbouncer-users'), `"${postgres.role.name}" "${postgres.role.password}"\n`)
    const secrets = join(folder.path, 'secrets')
    const pooler = run('pgbouncer', ['-q'], 'pgbouncer.ini', {
      'hallpass = host=postgres port=5432': `hallpass = host=${hostname} port=${postgresPort} dbname=${pathname.slice(1)}`,
      'listen_port = 6432': `listen_port = ${poolerPort}`,
      '/run/secrets/': `${secrets}/`,
    })
    const { name, password } = postgres.role
    const databaseUrl = `postgres://${name}:${password}@127.0.0.1:${poolerPort}/hallpass`
    const databaseDirectUrl = `postgres://${name}:${password}@${hostname}:${postgresPort}${pathname}`
    const masterKey = Buffer.from(secret('master-key'), 'base64url')
    const config = { databaseUrl, databaseDirectUrl, masterKey, publicUrl: 'https://localhost', trustProxy: 1 }
    const server = await vi.waitFor(() => startServer({ config }), soon)
    onTestFinished(server.stop)
    const replica = new URL(server.url).host
    const nginx = run('nginx', ['-g', 'daemon off;', '-c'], 'nginx.conf', {
      // first, because the folder is below it
      '/tmp/': `${folder.path}/`,
      '172.30.87.11:8787': replica,
      '172.30.87.12:8787': replica,
      '172.30.87.13:8787': replica,
      'listen 8443 ssl': `listen 127.0.0.1:${tlsPort} ssl`,
      'listen 8080': `listen 127.0.0.1:${plainPort}`,
      '/run/secrets/tls-certificate': `${secrets}/tls-certificate.pem`,
      '/run/secrets/tls-key': `${secrets}/tls-key.pem`,
      'error_log /dev/stderr': 'error_log stderr',
    })
    const ca = secret('tls-certificate.pem')
    const body = JSON.stringify({ client_key: acme.clientKey })
    const answer = await vi.waitFor(() => post(tlsPort, ca, body), soon)
    expect(answer, nginx.log.join('') + pooler.log.join('')).toMatchObject({
      status: 200,
      body: { auth_mode: 'guest' },
    })
    expect(answer.headers['strict-transport-security']).toBe('max-age=63072000')
    const plain = (path: string, method = 'GET') =>
      fetch(`http://127.0.0.1:${plainPort}${path}`, { method, redirect: 'manual' })
    expect((await plain(paths.guest, 'POST')).status).toBe(404)
    expect((await plain('/')).status).toBe(301)
    expect(existsSync(join(folder.path, 'nginx.pid'))).toBe(true)
  })
})

interface Answer {
  readonly status: number | undefined
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: unknown
}

/** Asks for a guest session over TLS, by the certificate that the script made. */
function post(port: number, ca: string, body: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', Origin: acme.origin }
    const options = { host: '127.0.0.1', servername: 'localhost', port, ca, path: paths.guest, method: 'POST', headers }
    const sent = request(options, (response) => {
      let text = ''
      response.on('data', (chunk) => (text += chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode, headers: response.headers, body: JSON.parse(text) }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
