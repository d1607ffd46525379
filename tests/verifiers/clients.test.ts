import { execFile, spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { Fixture } from '@hallpass/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme, fixture } from '../system/support/fixtures/fixture.js'
import { startServer, type TestServer, testClock } from '../system/support/servers/in-process-server.js'

/* The clients for Python and Go. */

interface Table {
  readonly cases: readonly { readonly name: string; readonly verdict: string }[]
}

const root = fileURLToPath(new URL('../../', import.meta.url))
const fileOf = (kind: string) => join(root, `examples/kinds/${kind}.json`)
const run = promisify(execFile)
const path = join(root, 'docs/vectors/token-cases.json')
const { cases }: Table = JSON.parse(readFileSync(path, 'utf8'))
const golangJwt = '/usr/share/gocode/src/github.com/golang-jwt/jwt'
const python = '/usr/bin/python3'

type Program = 'decide' | 'declared' | 'example'

const clients = {
  python: {
    isInstalled: spawnSync(python, ['-c', 'import jwt, cryptography']).status === 0,
    start: async (program: Program, args: string[], env: NodeJS.ProcessEnv) =>
      run(python, [`${program}.py`, ...args], { cwd: join(root, 'clients/python'), env, maxBuffer: 1e7 }),
  },
  go: {
    isInstalled: existsSync(golangJwt) && spawnSync('go', ['version']).status === 0,
    start: async (program: Program, args: string[], env: NodeJS.ProcessEnv) => {
      // with Debian's copy of the library
      const folder = mkdtempSync(join(tmpdir(), 'hallpass-go-'))
      cpSync(join(root, 'clients/go'), folder, { recursive: true })
      appendFileSync(join(folder, 'go.mod'), `\nreplace github.com/golang-jwt/jwt/v4 => ${golangJwt}\n`)
      const settings = { ...env, GOFLAGS: '-mod=mod', GOPROXY: 'off' }
      return run('go', ['run', `./${program}`, ...args], { cwd: folder, env: settings, maxBuffer: 1e7 })
    },
  },
} as const

let server: TestServer
beforeAll(async () => {
  const kinds = ['report-embed', 'voice-agent'].map((kind) => JSON.parse(readFileSync(fileOf(kind), 'utf8')))
  const accounts = fixture.accounts.map((account) => (account.id === acme.account ? { ...account, kinds } : account))
  server = await startServer({ clock: { ...testClock(), now: Date.now }, fixture: Fixture.parse({ accounts }) })
})
afterAll(() => server.stop())

test('the table has every reason that a token alone can be refused for', () => {
  const reasons = ['missing', 'malformed', 'wrong_kind', 'unknown_key', 'bad_signature', 'missing_proof', 'bad_claims']
  const declared = ['action_not_allowed', 'wrong_resource', 'unspent']
  const more = [
    ...declared,
    'wrong_audience',
    'wrong_issuer',
    'wrong_account',
    'not_yet_valid',
    'expired',
    'revoked',
    'unavailable',
  ]
  expect([...new Set(cases.map(({ verdict }) => verdict))].sort()).toEqual([...reasons, ...more, 'ok'].sort())
  expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length)
})

describe.each(Object.entries(clients))('the %s client', (_, { isInstalled, start }) => {
  test.skipIf(!isInstalled)('decides the whole table like @hallpass/client/verify', async () => {
    const { stdout } = await start('decide', [path], process.env)
    expect(JSON.parse(stdout)).toEqual(Object.fromEntries(cases.map(({ name, verdict }) => [name, verdict])))
  })

  test.skipIf(!isInstalled)('mints, verifies, introspects and revokes, as its example says', async () => {
    const settings = { HALLPASS_URL: server.url, HALLPASS_SECRET_KEY: acme.key, HALLPASS_ACCOUNT: acme.account }
    const { stdout } = await start('example', [], { ...process.env, ...settings, CUSTOMER_ID: acme.customer })
    expect(stdout.toLowerCase().replace('the token is refused:', 'refused:').split('\n')).toEqual([
      `customer: ${acme.customer}`,
      'active: true',
      'active: false',
      'refused: revoked',
      '',
    ])
  })

  test.skipIf(!isInstalled)('verifies and redeems declared kinds, as its example says', async () => {
    const settings = { HALLPASS_URL: server.url, HALLPASS_SECRET_KEY: acme.key, HALLPASS_ACCOUNT: acme.account }
    const env = { ...process.env, ...settings, DECLARATION: fileOf('report-embed') }
    const { stdout } = await start('declared', [], env)
    expect(stdout.replaceAll(/'|the token is |Hallpass answered with /g, '').split('\n')).toEqual([
      'rows: [eu]',
      'refused: action_not_allowed',
      'uses left: 0',
      // Go doesn't print the body
      expect.stringMatching(/^(refused: TOKEN_ALREADY_USED|status 422)$/),
      '',
    ])
  })
})
