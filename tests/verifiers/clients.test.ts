import { execFile, spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from '../system/support/fixtures/fixture.js'
import { startServer, type TestServer, testClock } from '../system/support/servers/in-process-server.js'

/* The clients for Python and Go. */

interface Table {
  readonly cases: readonly { readonly name: string; readonly verdict: string }[]
}

const run = promisify(execFile)
const root = fileURLToPath(new URL('../../', import.meta.url))
const path = join(root, 'docs/vectors/token-cases.json')
const { cases }: Table = JSON.parse(readFileSync(path, 'utf8'))
const golangJwt = '/usr/share/gocode/src/github.com/golang-jwt/jwt'
const python = '/usr/bin/python3'

const clients = {
  python: {
    isInstalled: spawnSync(python, ['-c', 'import jwt, cryptography']).status === 0,
    start: async (program: 'decide' | 'example', args: string[], env: NodeJS.ProcessEnv) =>
      run(python, [`${program}.py`, ...args], { cwd: join(root, 'clients/python'), env, maxBuffer: 1e7 }),
  },
  go: {
    isInstalled: existsSync(golangJwt) && spawnSync('go', ['version']).status === 0,
    start: async (program: 'decide' | 'example', args: string[], env: NodeJS.ProcessEnv) => {
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
  server = await startServer({ clock: { ...testClock(), now: Date.now } })
})
afterAll(() => server.stop())

test('the table has every reason that a token alone can be refused for', () => {
  const reasons = ['missing', 'malformed', 'wrong_kind', 'unknown_key', 'bad_signature', 'missing_proof', 'bad_claims']
  const more = ['wrong_audience', 'wrong_issuer', 'wrong_account', 'not_yet_valid', 'expired', 'revoked', 'unavailable']
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
})
