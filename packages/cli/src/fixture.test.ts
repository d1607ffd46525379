import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, loadConfig } from '@hallpass/server'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { hallpass } from './testing/hallpass.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-fixture-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const at = (name: string) => join(folder, name)
const databaseAt = (name: string) => ['--database-url', `file:${at(name)}`]
const acme = '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11'
const kid = '1a2b3c4d-5e6f-4a7b-8c9d-0e1f2a3b4c5d'
const customer = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'
const card = '7d943c51-e4ff-4e57-9558-08cab6b963c7'

const clientKey = {
  name: 'site',
  client_key: 'pk_test_acme',
  origin_allowlist: ['http://shop.test:3000', '*.shop.example', 'localhost:*'],
  auth_mode: 'user',
  widget_enabled: false,
  disabled: true,
  agent: { id: 'agent_1', display_name: 'Ada', avatar_url: 'https://shop.example/ada.png' },
  branding: { primary_color: '#2563eb', accent_color: '#111827', launcher_position: 'bl' },
  copy: { greeting: 'Hi!', launcher_label: 'Chat', privacy_notice: 'We keep "nothing".' },
  locale: 'en',
  supported_locales: ['en', 'pt-BR'],
  rate_limit: { guest_per_minute: 7 },
}
/** The exported configuration, in which secret keys have no secrets. */
const configuration = {
  accounts: [
    {
      id: acme,
      name: 'Acme',
      tenant: '2_3',
      environment: 'sandbox',
      parent_id: null,
      rate_limit: { requests_per_second: 50 },
      api_keys: [
        { name: 'backend', scopes: ['*'] },
        { name: 'worker', scopes: ['tokens:redeem'] },
      ],
      client_keys: [clientKey],
      customers: [{ id: customer, name: 'Ada "Ä" Lovelace', status: 'review' }],
      cards: [{ id: card, customer_id: customer, status: 'SUSPENDED', last_four: '4242' }],
    },
    {
      id: kid,
      name: 'Kid',
      tenant: '2_4',
      environment: 'sandbox',
      parent_id: acme,
      rate_limit: { requests_per_second: 100 },
      api_keys: [],
      client_keys: [],
      customers: [],
      cards: [],
    },
  ],
}
const withSecrets = {
  accounts: configuration.accounts.toReversed().map((account) => ({
    ...account,
    api_keys: [
      ...account.api_keys.map((key) => ({ ...key, secret: `sk_test_${account.id}_${key.name}` })),
      { name: 'old', secret: `sk_test_${account.id}_old`, scopes: ['*'], disabled: true },
    ],
  })),
}

const written = (name: string, value: unknown) => {
  writeFileSync(at(name), JSON.stringify(value))
  return at(name)
}
async function answerOf(argv: readonly string[]) {
  const { exitCode, stdout } = await hallpass(argv)
  expect(exitCode).toBe(0)
  return JSON.parse(stdout)
}

describe('a round trip', { timeout: 30_000 }, () => {
  test('an import of an export creates the same configuration with new secrets', async () => {
    await answerOf(['fixture', 'import', written('a.json', withSecrets), ...databaseAt('a.db')])
    const exported = await answerOf(['fixture', 'export', ...databaseAt('a.db')])
    expect(exported).toEqual(configuration)

    expect((await hallpass(['fixture', 'export', ...databaseAt('a.db'), '--output', at('b.json')])).stdout).toBe('')
    expect(statSync(at('b.json')).mode & 0o777).toBe(0o600)
    expect(readFileSync(at('b.json'), 'utf8')).not.toContain('sk_test_')
    const { imported, new_api_keys } = await answerOf(['fixture', 'import', at('b.json'), ...databaseAt('b.db')])
    expect(imported).toEqual({ accounts: 2, api_keys: 2, client_keys: 1, customers: 1, cards: 1, kinds: 0 })
    expect(await answerOf(['fixture', 'export', ...databaseAt('b.db')])).toEqual(configuration)

    const [backend, worker] = new_api_keys
    expect(backend).toEqual({
      account_id: acme,
      api_key_id: expect.any(String),
      name: 'backend',
      secret: expect.stringMatching(/^sk_test_\w{11}_\w{49}$/),
    })
    const config = loadConfig({ port: '0', 'database-url': `file:${at('b.db')}`, 'log-level': 'silent' }, {})
    const server = await createServer(config)
    const env = { HALLPASS_BASE_URL: server.url, HALLPASS_API_KEY: backend.secret }
    expect((await hallpass(['cards', 'get', '--card-id', card], { env })).exitCode).toBe(0)
    const asWorker = { ...env, HALLPASS_API_KEY: worker.secret }
    expect((await hallpass(['cards', 'get', '--card-id', card], { env: asWorker })).stderr).toContain('403 Forbidden')
    await server.stop()
  })

  test('a second import creates no second key and updates what changed', async () => {
    const file = written('a.json', configuration)
    await answerOf(['fixture', 'import', file, ...databaseAt('a.db')])
    const [account] = configuration.accounts
    const changed = {
      accounts: [{ ...account, name: 'Acme Ltd', api_keys: [{ name: 'backend', scopes: ['admin'] }] }],
    }
    const again = await answerOf(['fixture', 'import', written('b.json', changed), ...databaseAt('a.db')])
    expect(again.new_api_keys).toEqual([])
    const [now] = (await answerOf(['fixture', 'export', ...databaseAt('a.db')])).accounts
    expect(now).toMatchObject({
      name: 'Acme Ltd',
      api_keys: [
        { name: 'backend', scopes: ['admin'] },
        { name: 'worker', scopes: ['tokens:redeem'] },
      ],
    })
  })

  test('the history records an import without an API key', async () => {
    await answerOf(['fixture', 'import', written('a.json', withSecrets), ...databaseAt('a.db')])
    const { data } = await answerOf(['audit', 'list', ...databaseAt('a.db')])
    expect(data).toHaveLength(2)
    expect(data).toContainEqual(
      expect.objectContaining({ operation: 'fixture.import', target_id: acme, api_key_id: null }),
    )
    expect(JSON.stringify(data)).not.toContain('sk_test_')
  })
})

describe('hallpass fixture import', { timeout: 30_000 }, () => {
  test('reports progress as a bar on a terminal and as lines elsewhere', async () => {
    const customers = Array.from({ length: 40 }, (_, i) => ({ id: customer.replace(/..$/, String(i + 10)) }))
    const [account] = configuration.accounts
    const file = written('many.json', { accounts: [{ ...account, customers, cards: [] }] })
    const lines = await hallpass(['fixture', 'import', file, ...databaseAt('a.db')])
    expect(lines.stderr).toMatch(/^importing: 0 of 43 records\n(importing: \d+ of 43 records\n)+$/)
    expect(lines.stderr).toMatch(/importing: 43 of 43 records\n$/)
    const bar = await hallpass(['fixture', 'import', file, ...databaseAt('b.db')], { terminal: true })
    expect(bar.stderr).toContain('importing ████')
  })

  test('imports everything or nothing', async () => {
    const [account, child] = configuration.accounts
    const taken = {
      accounts: [
        account,
        { ...child, customers: [{ id: customer.replace('1', '2') }], cards: [{ id: card, customer_id: customer }] },
      ],
    }
    const { exitCode, stderr } = await hallpass([
      'fixture',
      'import',
      written('a.json', { accounts: [account] }),
      ...databaseAt('a.db'),
    ])
    expect({ exitCode }).toEqual({ exitCode: 0 })
    expect(stderr).not.toBe('')
    const refused = await hallpass([
      'fixture',
      'import',
      written('b.json', { accounts: [{ ...taken.accounts[1], name: 'New' }] }),
      ...databaseAt('a.db'),
    ])
    expect(refused).toMatchObject({ exitCode: 1, stdout: '' })
    expect(refused.stderr).toContain('hallpass: The fixture cannot be imported: card ')
    expect((await answerOf(['fixture', 'export', ...databaseAt('a.db')])).accounts).toEqual([account])
  })

  test('an invalid query is rejected before the import, so no new secret is lost', async () => {
    const file = written('a.json', configuration)
    const line = ['fixture', 'import', file, ...databaseAt('x.db'), '--transform', 'new_api_keys[']
    expect(await hallpass(line)).toMatchObject({ exitCode: 1, stdout: '', stderr: expect.stringContaining('JMESPath') })
    expect(existsSync(at('x.db'))).toBe(false)
  })
})

describe('hallpass fixture check', { timeout: 30_000 }, () => {
  test('counts the records of a fixture', async () => {
    const counts = await answerOf(['fixture', 'check', written('a.json', withSecrets)])
    expect(counts).toEqual({ accounts: 2, api_keys: 4, client_keys: 1, customers: 1, cards: 1, kinds: 0 })
  })

  test.each<[what: string, text: string, line: RegExp]>([
    ['a file that is not JSON', '{', /^hallpass: The fixture .* is not valid JSON or cannot be read\.\n$/],
    [
      'an invalid secret without repeating it',
      JSON.stringify({
        accounts: [{ ...configuration.accounts[0], api_keys: [{ secret: ' hunter2', scopes: ['*'] }] }],
      }),
      /^hallpass: The fixture .* is not valid: accounts\.0\.api_keys\.0\.secret must be 1 to 200 (?!.*hunter2).*\n$/,
    ],
    [
      'several invalid fields in one line',
      JSON.stringify({ accounts: [{ id: acme, tenant: '', environment: 'prod', color: 'red' }] }),
      /^hallpass: The fixture .* is not valid: accounts\.0\.tenant must not be empty; accounts\.0\.environment must be one of sandbox, production; accounts\.0\.color is not a known field\.\n$/,
    ],
    [
      'two keys without a secret that have the same name',
      JSON.stringify({
        accounts: [{ ...configuration.accounts[0], api_keys: [{ scopes: ['*'] }, { scopes: ['admin'] }] }],
      }),
      /accounts\.0\.api_keys\.1\.name is a duplicate secret key name/,
    ],
  ])('rejects %s', async (_, text, line) => {
    writeFileSync(at('a.json'), text)
    const { exitCode, stdout, stderr } = await hallpass(['fixture', 'check', at('a.json')])
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
    expect(stderr).toMatch(line)
  })

  test('rejects a missing file and a missing argument', async () => {
    expect((await hallpass(['fixture', 'check', at('none.json')])).stderr).toContain('none.json does not exist')
    expect((await hallpass(['fixture', 'check'])).stderr).toContain("Missing required argument 'file'.")
  })
})

describe('hallpass fixture export', { timeout: 30_000 }, () => {
  test('never overwrites a file, and leaves no incomplete file', async () => {
    const file = written('a.json', {})
    const over = await hallpass(['fixture', 'export', ...databaseAt('none.db'), '--output', file])
    expect(over).toEqual({ exitCode: 1, stdout: '', stderr: `--output ${file} already exists.\n` })
    const none = await hallpass(['fixture', 'export', ...databaseAt('none.db'), '--output', at('new.json')])
    expect(none).toMatchObject({
      exitCode: 1,
      stderr: `hallpass: There is no database at ${at('none.db')}. Name yours with --database-url (HALLPASS_DATABASE_URL).\n`,
    })
    expect([existsSync(at('new.json')), existsSync(at('none.db'))]).toEqual([false, false])
  })
})
