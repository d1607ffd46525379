import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acme, live, rival, fixture as withProduction } from './support/fixtures/fixture.js'
import { expectNoStart, sandboxFixture, writeFixture } from './support/servers/child-process.js'
import { expectRefusedHere, startHere } from './support/servers/serve-in-process.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  folder = await temporaryFolder()
})
afterEach(() => folder.remove())

const startOf = (flags: Record<string, string>, env: Record<string, string> = {}) => ({
  cwd: folder.path,
  flags: { port: '0', 'database-url': 'file:./x.db', ...flags },
  env,
})
/** Runs in a separate process, as an operator sees it. */
const noStart = (...start: Parameters<typeof startOf>) => expectNoStart(startOf(...start))
const refused = (...start: Parameters<typeof startOf>) => expectRefusedHere(startOf(...start))

const digest = async (name: string) =>
  createHash('sha256')
    .update(await readFile(join(folder.path, name)))
    .digest('hex')

describe('hallpass serve with an invalid fixture', () => {
  const secret = 'sk_test_never_said_again'
  const account = (more: object) => ({
    accounts: [{ id: acme.account, tenant: '2_3', environment: 'sandbox', ...more }],
  })
  const agent = { id: 'agent_1', display_name: 'Ada' }

  test.each([
    ['no JSON', `{"accounts": ["${secret}`, /JSON/],
    ['an empty file', '', /JSON/],
    ['something else', '[]', /object/],
    ['no accounts', {}, /accounts/],
    ['an unknown field', { accounts: [], [secret]: 1 }, undefined],
    [
      'a secret with a space at its end',
      account({ api_keys: [{ secret: `${secret} `, scopes: ['*'] }] }),
      /accounts\.0\.api_keys\.0\.secret/,
    ],
    [
      'a secret that is too long',
      account({ api_keys: [{ secret: secret.repeat(10), scopes: ['*'] }] }),
      /api_keys\.0\.secret/,
    ],
    [
      'the same secret twice',
      account({
        api_keys: [
          { secret, scopes: ['*'] },
          { secret, scopes: ['*'] },
        ],
      }),
      /api_keys\.1\.secret/,
    ],
    ['a scope that does not exist', account({ api_keys: [{ secret, scopes: [secret] }] }), /api_keys\.0\.scopes/],
    [
      'an invalid allowlist entry',
      account({ client_keys: [{ client_key: 'pk_test_a', origin_allowlist: ['https://*'], agent }] }),
      /origin_allowlist/,
    ],
    [
      'a status that does not exist',
      account({ customers: [{ id: acme.customer, status: 'happy' }] }),
      /customers\.0\.status/,
    ],
    ['an environment that does not exist', account({ environment: 'staging' }), /environment/],
    ['an invalid id', account({ id: 'acme' }), /accounts\.0\.id/],
    ['a parent that does not exist', account({ parent_id: rival.account }), /parent/],
    ['its own parent', account({ parent_id: acme.account }), /ancestor|parent/],
    [
      'a card of an unknown customer',
      account({ cards: [{ id: acme.activeCard, customer_id: rival.customer }] }),
      /card/,
    ],
  ])('fails with one line that names the place and quotes no secret: %s', async (_what, content, place) => {
    const fixture = await writeFixture(folder.path, 'wrong.json', content)
    const { line } = await refused({ fixture })
    expect(line).toContain('fixture')
    if (place) expect(line).toMatch(place)
    if (!line.includes('known field')) expect(line).not.toContain('never_said_again')
  })

  test('fails with one line if it does not exist, is a folder, or comes from the environment', async () => {
    expect((await noStart({ fixture: './missing.json' })).line).toContain('missing.json')
    await mkdir(join(folder.path, 'folder.json'))
    expect((await refused({ fixture: './folder.json' })).line).toContain('folder.json')
    expect((await refused({}, { HALLPASS_FIXTURE: './missing.json' })).line).toContain('missing.json')
  })

  test('imports everything or nothing', async () => {
    const good = await writeFixture(folder.path)
    await (await startHere(startOf({ fixture: good }))).stop()
    const [first] = sandboxFixture.accounts.filter(({ id }) => id === acme.account)
    const added = { ...first, api_keys: [{ secret: 'sk_test_half_imported', scopes: ['*'] }] }
    const stolen = { id: live.account, tenant: 't', environment: 'sandbox', customers: [{ id: acme.customer }] }
    await refused({ fixture: await writeFixture(folder.path, 'half.json', { accounts: [added, stolen] }) })
    const server = await startHere(startOf({}))
    const headers = { Authorization: 'Bearer sk_test_half_imported', 'Content-Type': 'application/json' }
    const response = await fetch(`${server.url}/v1/bridge/initialize`, { method: 'POST', headers, body: '{}' })
    await server.stop()
    expect(response.status).toBe(401)
  })
})

describe('hallpass serve with an invalid port', () => {
  test.each(['x', '65536'])('fails with one line: %s', async (port) => {
    expect((await noStart({ port })).line).toContain('port')
  })

  test('fails with one line if the environment has it', async () => {
    const { line } = await expectNoStart({ cwd: folder.path, env: { HALLPASS_PORT: 'x' } })
    expect(line).toContain('HALLPASS_PORT')
  })

  test('fails with one line if the port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    // a server that listens on a port has an address of this type
    const { port } = other.address() as AddressInfo
    const { line } = await noStart({ port: String(port) })
    expect(line).toContain(String(port))
    expect(line).toMatch(/in use/)
    other.close()
  })

  test('fails with one line for an address of another machine', async () => {
    for (const host of ['203.0.113.1', 'no.such.host.invalid']) expect((await refused({ host })).line).toContain(host)
  })
})

describe('hallpass serve with an invalid database URL', () => {
  test.each([
    'mysql://user:hunter2@host/db',
    'x.db',
    'file:',
    ':memory',
    '',
    'https://host/db',
    'file://elsewhere/x.db',
  ])('fails with one line that does not quote it: %j', async (url) => {
    const start = { 'database-url': url }
    const { line } = await (url.includes('hunter2') ? noStart(start) : refused(start))
    expect(line).not.toContain('hunter2')
    expect(await readdir(folder.path)).toEqual([])
  })

  test('fails with one line if the folder does not exist', async () => {
    expect((await refused({ 'database-url': 'file:./nowhere/x.db' })).line).toContain('nowhere')
  })

  test('fails with one line if it is a folder', async () => {
    await mkdir(join(folder.path, 'x.db'))
    expect((await refused({})).line).toContain('x.db')
  })

  test('fails with one line and no changes if the file is not a database', async () => {
    await writeFile(join(folder.path, 'x.db'), 'my notes, which are no database\n'.repeat(100))
    const before = await digest('x.db')
    expect((await noStart({})).line).toContain('x.db')
    expect(await digest('x.db')).toBe(before)
  })
})

describe('hallpass serve with another invalid setting', () => {
  test.each([
    [
      'public-url',
      'HALLPASS_PUBLIC_URL',
      [
        'pass.example',
        'https://pass.example/path',
        'ftp://pass.example',
        'https://a.example,https://b.example',
        'https://user:hunter2@pass.example',
      ],
    ],
    ['widget-origins', 'HALLPASS_WIDGET_ORIGINS', ['*', 'widgets.example', 'https://widgets.example/', 'null']],
    ['trust-proxy', 'HALLPASS_TRUST_PROXY', ['yes', '-1', '10.0.0.0/99', 'true']],
    ['log-level', 'HALLPASS_LOG_LEVEL', ['loud', 'INFO']],
    ['signing-alg', 'HALLPASS_SIGNING_ALG', ['PS256', 'none', 'HS256', 'eddsa']],
  ] as const)('fails with one line that names it: --%s, %s', async (flag, variable, values) => {
    for (const value of values) expect((await refused({ [flag]: value })).line).toContain(flag)
    expect((await refused({}, { [variable]: values[0] })).line).toContain(variable)
  })

  test('fails with a production account and no HALLPASS_MASTER_KEY', async () => {
    const fixture = await writeFixture(folder.path, 'production.json', withProduction)
    for (const url of ['file:./x.db', ':memory:']) {
      expect((await refused({ fixture, 'database-url': url })).line).toContain('HALLPASS_MASTER_KEY')
    }
    expect(await readdir(folder.path)).not.toContain('x.db.key')
  })
})
