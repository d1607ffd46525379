import { randomBytes } from 'node:crypto'
import { chmodSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createTcpServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { createServer, type HallpassServer, loadConfig, type Overrides } from '@hallpass/server'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { hallpass, type Surroundings } from './testing/hallpass.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-doctor-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const file = () => join(folder, 'x.db')
const account = '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11'
const fixture = {
  accounts: [
    {
      id: account,
      tenant: '2_3',
      environment: 'sandbox',
      api_keys: [
        { name: 'backend', secret: 'sk_test_acme', scopes: ['*'] },
        { name: 'worker', secret: 'sk_test_worker', scopes: ['tokens:redeem'] },
      ],
    },
  ],
}

/** Starts a server on the database of this test. It stops when the test ends. */
async function startServer(overrides: Overrides = {}): Promise<HallpassServer> {
  const path = join(folder, 'fixture.json')
  writeFileSync(path, JSON.stringify(fixture))
  const flags = { port: '0', 'database-url': `file:${file()}`, 'log-level': 'silent', fixture: path }
  const server = await createServer(loadConfig(flags, {}), { noticeMilliseconds: 0, ...overrides })
  onTestFinished(() => server.stop())
  return server
}

async function makeDatabase(overrides: Overrides = {}): Promise<void> {
  const path = join(folder, 'fixture.json')
  writeFileSync(path, JSON.stringify(fixture))
  const flags = { port: '0', 'database-url': `file:${file()}`, 'log-level': 'silent', fixture: path }
  const server = await createServer(loadConfig(flags, {}), { noticeMilliseconds: 0, ...overrides })
  await server.stop()
}

const doctor = (flags: readonly string[] = [], surroundings: Surroundings = {}) =>
  hallpass(['doctor', '--database-url', `file:${file()}`, '--port', '0', ...flags], surroundings)

interface Check {
  readonly what: string
  readonly state: string
  readonly found: string
  readonly fix?: string
}

/** The checks by name. */
async function examine(flags: readonly string[] = [], surroundings: Surroundings = {}) {
  const { exitCode, stdout } = await doctor([...flags, '--format', 'json'], surroundings)
  const { checks }: { checks: Check[] } = JSON.parse(stdout)
  const problems = checks.filter(({ state }) => state !== 'ok')
  for (const { fix } of problems) expect(fix).toMatch(/\S/)
  return { exitCode, checks: Object.fromEntries(checks.map((check) => [check.what, check])), problems }
}

// opening databases can be slow on a busy machine
describe('hallpass doctor', { timeout: 30_000 }, () => {
  test('finds no problems before the first start and creates no files', async () => {
    const { exitCode, stdout, stderr } = await doctor()
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout.split('\n').map((line) => line.slice(0, 15))).toEqual([
      '✓ configuration',
      '✓ database     ',
      '✓ master key   ',
      '✓ port         ',
      '',
    ])
    expect(readdirSync(folder)).toEqual([])
  })

  test('finds no problems next to a running server, and recognizes it at its port', async () => {
    const server = await startServer()
    const { exitCode, checks, problems } = await examine(['--port', new URL(server.url).port])
    expect(problems).toEqual([])
    expect(exitCode).toBe(0)
    expect(Object.keys(checks)).toEqual([
      'configuration',
      'database',
      'migrations',
      'master key',
      'data keys',
      'keys',
      'signing keys',
      'tenants',
      'clock',
      'port',
    ])
    expect(checks.port?.found).toContain('Hallpass is running there')
  })

  test('prints colors only on a terminal, and a fix below each problem', async () => {
    const { stdout } = await doctor(['--host', '192.0.2.1'], { terminal: true })
    expect(stdout).toContain('\u001b[31m✗\u001b[39m port')
    expect(stripVTControlCharacters(stdout)).toMatch(
      /✗ port {10}nothing can listen on 192\.0\.2\.1: .*\n +→ Choose a --host /,
    )
    expect((await doctor(['--host', '192.0.2.1'])).stdout).not.toContain('\u001b')
  })

  test('exits with 1 if a setting is invalid', async () => {
    const { exitCode, problems } = await examine(['--log-level', 'loud'])
    expect(exitCode).toBe(1)
    expect(problems).toMatchObject([{ what: 'configuration', state: 'failed', found: expect.stringContaining('loud') }])
  })

  test.each([
    [['--fixture', 'none.json'], 'failed', 'does not exist'],
    [['--host', '0.0.0.0'], 'warning', 'public URL'],
    [['--public-url', 'http://pass.example.com'], 'warning', 'not encrypted'],
    [['--public-url', 'https://pass.example.com'], 'warning', 'no proxy is trusted'],
    [['--public-url', 'https://pass.example.com', '--trust-proxy', '1'], 'ok', 'https://pass.example.com'],
  ])('configuration %j is a %s', async (flags, state, found) => {
    const { exitCode, checks } = await examine(flags)
    expect(checks.configuration).toMatchObject({ state, found: expect.stringContaining(found) })
    expect(exitCode).toBe(state === 'failed' ? 1 : 0)
  })

  test('fails if the folder of a new database does not exist', async () => {
    const { exitCode, checks } = await examine(['--database-url', `file:${join(folder, 'none', 'x.db')}`])
    expect(exitCode).toBe(1)
    expect(checks.database).toMatchObject({ state: 'failed', found: expect.stringContaining('no such file') })
  })

  test('fails if the file is not a database', async () => {
    writeFileSync(file(), 'this is not a database, but it is as long as one'.repeat(100))
    const { exitCode, problems } = await examine()
    expect(exitCode).toBe(1)
    expect(problems).toMatchObject([{ what: 'database', state: 'failed', found: expect.stringContaining('x.db') }])
  })

  test('reports a master key that is wrong, readable by others, damaged or missing', async () => {
    await makeDatabase()
    const wrong = await examine([], { env: { HALLPASS_MASTER_KEY: randomBytes(32).toString('base64url') } })
    expect(wrong.exitCode).toBe(1)
    expect(wrong.problems.map(({ what }) => what)).toEqual(['master key', 'signing keys'])
    chmodSync(`${file()}.key`, 0o644)
    const open = await examine()
    expect(open.exitCode).toBe(0)
    expect(open.problems).toMatchObject([{ what: 'master key', state: 'warning', fix: `chmod 600 ${file()}.key` }])
    writeFileSync(`${file()}.key`, 'short')
    expect((await examine()).checks['master key']).toMatchObject({ state: 'failed' })
    rmSync(`${file()}.key`)
    const missing = await examine()
    expect(missing.checks['master key']).toMatchObject({
      state: 'failed',
      found: 'the key of this database is missing',
    })
    expect(readdirSync(folder)).not.toContain('x.db.key')
  })

  test('fails if the clock is behind the database', async () => {
    const clock = { now: () => Date.now() + 3_600_000, random: randomBytes }
    await makeDatabase({ clock })
    const { exitCode, problems } = await examine()
    expect(exitCode).toBe(1)
    expect(problems.map(({ what }) => what)).toEqual(['signing keys', 'clock'])
  })

  test('warns about old data keys and signing keys', async () => {
    await makeDatabase({ clock: { now: () => Date.now() - 40 * 86_400_000, random: randomBytes } })
    expect((await examine()).problems).toMatchObject([
      { what: 'data keys', state: 'warning', found: 'number 1 seals, 40 days old' },
      { what: 'signing keys', state: 'warning', found: 'the active one is 40 days old' },
    ])
  })

  test('fails if another program uses the port', async () => {
    const other = createTcpServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno'))
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    const address = other.address()
    const port = typeof address === 'object' && address ? String(address.port) : ''
    const { exitCode, problems } = await examine(['--port', port])
    other.close()
    expect(exitCode).toBe(1)
    expect(problems).toMatchObject([{ what: 'port', found: `${port} on 127.0.0.1 is used by another program` }])
  })
})

describe('hallpass doctor refusal', { timeout: 30_000 }, () => {
  const refusal = (id: string, flags: readonly string[] = [], env: Record<string, string> = {}) =>
    hallpass(['doctor', 'refusal', id, ...flags], { env })

  test('prints Expected, Received and Fix, even to the key that was refused', async () => {
    const server = await startServer()
    const env = { HALLPASS_BASE_URL: server.url, HALLPASS_API_KEY: 'sk_test_worker' }
    const line = ['customers', 'list', '--request-id', 'order 7', '--timeout', '20']
    expect((await hallpass(line, { env })).stderr).toContain('403 Forbidden')
    const { exitCode, stdout, stderr } = await refusal('order 7', [], env)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout).toMatch(
      /^403 insufficient_scope admin\.customers\.list 20\S+Z\n {2}Expected {2}The secret key must have the scope admin:read\.\n {2}Received {2}secret key "worker" with the scopes tokens:redeem\n {2}Fix {7}Use a key with this scope, or create one with `hallpass api-keys create --scopes admin:read`\.\n$/,
    )
    const json = await refusal('order 7', ['--format', 'json', '--transform', 'data[0].reason'], env)
    expect(json.stdout).toBe('"insufficient_scope"\n')
  })

  test('exits with 1 if no refusal is found or the key is unknown', async () => {
    const server = await startServer()
    const env = { HALLPASS_BASE_URL: server.url, HALLPASS_API_KEY: 'sk_test_worker' }
    expect(await refusal('nothing', [], env)).toMatchObject({ exitCode: 1, stdout: '' })
    expect((await refusal('nothing', [], env)).stderr).toMatch(/^No refusal of this request was found\. /)
    const withUnknownKey = await refusal('nothing', [], { ...env, HALLPASS_API_KEY: 'sk_unknown' })
    expect(withUnknownKey).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('401 Unauthorized') })
    expect((await refusal('x'.repeat(201), [], env)).stderr).toContain('must be at most 200 characters long')
  })

  test('on the host, finds refusals that belong to no account', async () => {
    const server = await startServer()
    const refused = await fetch(`${server.url}/v1/admin/cards`, { headers: { Authorization: 'Bearer sk_unknown' } })
    await refused.text()
    const id = refused.headers.get('request-id') ?? ''
    await expect
      .poll(async () => (await refusal(id, ['--database-url', `file:${file()}`])).stdout)
      .toContain('401 unauthenticated admin.cards.list')
  })
})
