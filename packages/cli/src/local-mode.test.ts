import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, loadConfig } from '@hallpass/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hallpass } from './testing/hallpass.js'

let folder: string
let database: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-host-'))
  database = `file:${join(folder, 'x.db')}`
})
afterEach(() => rmSync(folder, { recursive: true }))

const onHost = (line: string, env: Record<string, string> = {}) =>
  hallpass([...line.split(' '), '--database-url', database], { env })

async function answerOf(line: string, env: Record<string, string> = {}) {
  const { exitCode, stdout, stderr } = await onHost(line, env)
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
  return JSON.parse(stdout)
}

describe('hallpass accounts create, on the host', () => {
  test('creates the first account and a key that works', async () => {
    const { account_id, secret, scopes } = await answerOf('accounts create --tenant 2_3 --name Acme')
    expect(scopes).toEqual(['*'])
    const server = await createServer(loadConfig({ port: '0', 'database-url': database, 'log-level': 'silent' }, {}))
    try {
      const env = { HALLPASS_BASE_URL: server.url, HALLPASS_API_KEY: secret }
      const { stdout } = await hallpass(['accounts', 'list'], { env })
      expect(JSON.parse(stdout).data).toEqual([
        {
          ...{ id: account_id, name: 'Acme', tenant: '2_3', environment: 'sandbox', parent_id: null },
          ...{ disabled: false, rate_limit: { requests_per_second: 100, requests_per_second_per_key: 0 } },
        },
      ])
    } finally {
      await server.stop()
    }
  })

  test('gives its key the scope host only with --with-host-scope', async () => {
    const own = await answerOf('accounts create --tenant 2_3 --with-host-scope')
    const tenant = await answerOf('accounts create --tenant 2_4')
    expect([own.scopes, tenant.scopes]).toEqual([['*', 'host'], ['*']])
    const server = await createServer(loadConfig({ port: '0', 'database-url': database, 'log-level': 'silent' }, {}))
    try {
      const signingKeys = (apiKey: string, line: string) =>
        hallpass(['signing-keys', ...line.split(' ')], {
          env: { HALLPASS_BASE_URL: server.url, HALLPASS_API_KEY: apiKey },
        })
      const [{ kid }] = JSON.parse((await signingKeys(own.secret, 'list')).stdout).data
      for (const line of ['list', 'rotate', `revoke --kid ${kid}`]) {
        expect((await signingKeys(tenant.secret, line)).stderr).toContain('403 Forbidden')
      }
      expect(JSON.parse((await signingKeys(own.secret, 'list')).stdout).data).toHaveLength(1)
    } finally {
      await server.stop()
    }
  })

  test('prints the secret even if the query fails', async () => {
    const { exitCode, stdout, stderr } = await onHost('accounts create --tenant 2_3 --transform abs(tenant)')
    expect(exitCode).toBe(1)
    expect(stderr).toContain('--transform failed, so the whole response was printed')
    expect(JSON.parse(stdout).secret).toMatch(/^sk_test_/)
  })

  test('requires HALLPASS_MASTER_KEY for a production account', async () => {
    const line = 'accounts create --tenant 2_3 --environment production'
    expect(await onHost(line)).toMatchObject({ exitCode: 1, stdout: '' })
    const masterKey = { HALLPASS_MASTER_KEY: randomBytes(32).toString('base64url') }
    expect((await answerOf(line, masterKey)).secret).toMatch(/^sk_live_/)
  })
})

describe('hallpass accounts update, on the host', () => {
  test('disables and enables an account without a parent, and changes its limits', async () => {
    const { account_id } = await answerOf('accounts create --tenant 2_3 --name Acme')
    const update = (flags: string) => answerOf(`accounts update --account-id ${account_id} ${flags}`)
    expect(await update('--rate-limit {"requests_per_second":7}')).toMatchObject({
      ...{ id: account_id, name: 'Acme', parent_id: null, disabled: false },
      rate_limit: { requests_per_second: 7 },
    })
    expect(await update('--disabled')).toMatchObject({ disabled: true })
    expect(await onHost(`accounts update --account-id ${account_id} --disabled=false`)).toMatchObject({
      exitCode: 1,
      stderr: 'hallpass: The account was disabled less than 10 seconds ago. Try again.\n',
    })
    const { data } = await answerOf('audit list')
    expect(data.map(({ operation }: { operation: string }) => operation)).toEqual([
      'admin.accounts.update',
      'admin.accounts.update',
      'admin.accounts.create',
    ])
  })
})

describe('hallpass signing-keys, on the host', () => {
  test('lists, rotates and revokes, and a running server applies it', async () => {
    const server = await createServer(loadConfig({ port: '0', 'database-url': database, 'log-level': 'silent' }, {}))
    try {
      const [active] = (await answerOf('signing-keys list')).data
      expect(active).toMatchObject({ state: 'active', alg: 'ES256' })
      const announced = await answerOf('signing-keys rotate')
      expect(announced.state).toBe('announced')
      await answerOf(`signing-keys revoke --kid ${active.kid}`)
      const kids = async () => {
        const { keys } = await (await fetch(`${server.url}/.well-known/jwks.json`)).json()
        return keys.map(({ kid }: { kid: string }) => kid)
      }
      await expect.poll(kids).not.toContain(active.kid)
      expect(await kids()).toContain(announced.kid)
    } finally {
      await server.stop()
    }
  })

  test('prints one line for an unknown key', async () => {
    await onHost('migrate')
    const { exitCode, stderr } = await onHost('signing-keys revoke --kid none')
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: 'hallpass: No such signing key.\n' })
  })
})

describe('hallpass refusals and audit, on the host', () => {
  test('list refusals that belong to no account, and changes made on the host', async () => {
    const server = await createServer(loadConfig({ port: '0', 'database-url': database, 'log-level': 'silent' }, {}))
    const refused = await fetch(`${server.url}/v1/admin/accounts`, { headers: { Authorization: 'Bearer sk_unknown' } })
    const requestId = refused.headers.get('request-id') ?? ''
    await server.stop()
    expect((await answerOf(`refusals get --request-id ${requestId}`)).data).toMatchObject([
      { reason: 'unauthenticated', operation: 'admin.accounts.list', seen: expect.stringContaining('does not know') },
    ])
    expect((await answerOf('refusals list')).data).toHaveLength(1)
    const { account_id } = await answerOf('accounts create --tenant 2_3')
    const { kid } = await answerOf('signing-keys rotate')
    expect((await answerOf('audit list')).data).toMatchObject([
      { operation: 'admin.signingKeys.rotate', target_id: kid, api_key_id: null, request_id: null },
      { operation: 'admin.accounts.create', target_id: account_id, changes: { tenant: '2_3' } },
    ])
  })
})

describe('hallpass audit verify', () => {
  test('exits with 0 for an intact history, and with 1 and the first damaged entry otherwise', async () => {
    const { account_id } = await answerOf('accounts create --tenant 2_3 --name Acme-before')
    await answerOf('signing-keys rotate')
    expect(await answerOf('audit verify')).toMatchObject({
      whole: true,
      faults: [],
      chains: [
        { account_id: null, first_seq: 1, last_seq: 1, entries: 1, unchained: 0 },
        { account_id, entries: 1 },
      ],
    })
    const path = join(folder, 'x.db')
    const changed = readFileSync(path, 'latin1').replaceAll('Acme-before', 'Acme-after!')
    writeFileSync(path, changed, 'latin1')
    const { exitCode, stdout } = await onHost('audit verify')
    expect(exitCode).toBe(1)
    expect(JSON.parse(stdout)).toMatchObject({
      whole: false,
      faults: [{ account_id, seq: 1, id: expect.any(String), problem: 'The entry was changed or moved.' }],
    })
  })
})

describe.each([
  'audit list',
  'audit verify',
  'refusals list',
  'fixture export',
  'restore --mark',
  'master-key change',
  'data-key rotate',
  'signing-keys list',
  'signing-keys rotate',
  'signing-keys revoke --kid x',
])('hallpass %s', (line) => {
  const keys = { HALLPASS_NEW_MASTER_KEY: randomBytes(32).toString('base64url') }

  test('creates no database if none exists', async () => {
    expect(await onHost(line, keys)).toEqual({
      exitCode: 1,
      stdout: '',
      stderr: `hallpass: There is no database at ${join(folder, 'x.db')}. Name yours with --database-url (HALLPASS_DATABASE_URL).\n`,
    })
    expect(readdirSync(folder)).toEqual([])
  })

  test('rejects a database in memory', async () => {
    database = ':memory:'
    const { exitCode, stdout, stderr } = await onHost(line, keys)
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toMatch(/^hallpass: This command needs a database in a file\. .*\n$/)
  })
})

describe('hallpass master-key change', () => {
  test('encrypts the database with the new key, and the old one stops working', async () => {
    const [before, after] = [randomBytes(32).toString('base64url'), randomBytes(32).toString('base64url')]
    await onHost('migrate', { HALLPASS_MASTER_KEY: before })
    const { kid } = (await answerOf('signing-keys list', { HALLPASS_MASTER_KEY: before })).data[0]
    const keys = { HALLPASS_MASTER_KEY: before, HALLPASS_NEW_MASTER_KEY: after }
    expect(await onHost('master-key change', keys)).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await onHost('signing-keys list', { HALLPASS_MASTER_KEY: before })).toMatchObject({
      exitCode: 1,
      stdout: '',
    })
    expect((await answerOf('signing-keys list', { HALLPASS_MASTER_KEY: after })).data[0].kid).toBe(kid)
  })

  test('reads both keys from files too', async () => {
    const fileOf = (name: string) => {
      const path = join(folder, name)
      writeFileSync(path, `${randomBytes(32).toString('base64url')}\n`)
      return path
    }
    const [before, after] = [fileOf('before'), fileOf('after')]
    await onHost('migrate', { HALLPASS_MASTER_KEY_FILE: before })
    const keys = { HALLPASS_MASTER_KEY_FILE: before, HALLPASS_NEW_MASTER_KEY_FILE: after }
    expect(await onHost('master-key change', keys)).toMatchObject({ exitCode: 0, stderr: '' })
    expect(await onHost('signing-keys list', { HALLPASS_MASTER_KEY_FILE: after })).toMatchObject({ exitCode: 0 })
  })

  test.each([undefined, 'short'])('rejects an invalid new key: %s', async (key) => {
    const env: Record<string, string> = key === undefined ? {} : { HALLPASS_NEW_MASTER_KEY: key }
    const { exitCode, stderr } = await onHost('master-key change', env)
    expect(exitCode).toBe(1)
    expect(stderr).toMatch(/^hallpass: .*HALLPASS_NEW_MASTER_KEY.*\n$/)
  })
})
