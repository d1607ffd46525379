import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type HallpassServer, loadConfig } from '@hallpass/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runChecks } from './conform/run-checks.js'
import { sender } from './conform/target.js'
import { conformFaults } from './testing/conform-faults.js'
import { faultyStatus } from './testing/faults.js'
import { startFaultyServer } from './testing/faulty-server.js'
import { hallpass } from './testing/hallpass.js'

const key = 'sk_test_acme'
const limitedKey = 'sk_test_limited'
const customer = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'
const card = '7d943c51-e4ff-4e57-9558-08cab6b963c7'
const origin = 'https://shop.test'
const account = {
  id: '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11',
  tenant: '2_3',
  environment: 'sandbox' as const,
  rate_limit: { requests_per_second: 0 },
  api_keys: [
    { secret: key, scopes: ['*'] },
    { secret: limitedKey, scopes: ['tokens:introspect'] },
  ],
  client_keys: [
    {
      client_key: 'pk_test_acme',
      origin_allowlist: [origin],
      auth_mode: 'both',
      agent: { id: 'agent_1', display_name: 'Ada' },
      rate_limit: { guest_per_minute: 0 },
    },
  ],
  customers: [{ id: customer }],
  cards: [{ id: card, customer_id: customer, status: 'ACTIVE' }],
}
const env = {
  HALLPASS_API_KEY: key,
  HALLPASS_CONFORM_CUSTOMER_ID: customer,
  HALLPASS_CONFORM_CLIENT_KEY: 'pk_test_acme',
  HALLPASS_CONFORM_ORIGIN: origin,
  HALLPASS_CONFORM_CARD_ID: card,
  HALLPASS_CONFORM_LIMITED_API_KEY: limitedKey,
}

let folder: string
let server: HallpassServer
/** How far the server's clock is ahead, in milliseconds. */
let ahead = 0
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-conform-'))
  const fixture = join(folder, 'fixture.json')
  writeFileSync(fixture, JSON.stringify({ accounts: [account] }))
  const flags = { port: '0', 'database-url': ':memory:', 'log-level': 'silent', fixture }
  const config = { ...loadConfig(flags, {}), failedCredentialsPerMinute: 0 }
  server = await createServer(config, {
    noticeMilliseconds: 0,
    clock: { now: () => Date.now() + ahead, random: randomBytes },
  })
}, 30_000)
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

interface Report {
  readonly same: number
  readonly different: number
  readonly skipped: number
  readonly apis: readonly {
    readonly missing: readonly string[]
    readonly results: readonly {
      readonly id: string
      readonly outcome: string
      readonly differences?: readonly { readonly what: string; readonly expected: string; readonly received: string }[]
    }[]
  }[]
}

const conform = (url: string, flags: readonly string[], given: Readonly<Record<string, string>> = env) =>
  hallpass(['conform', '--base-url', url, ...flags], { env: given })
const reportOf = async (url: string, flags: readonly string[]) => {
  const { stdout, exitCode } = await conform(url, [...flags, '--json'])
  return { report: JSON.parse(stdout) as Report, exitCode, stdout }
}
const differing = ({ apis }: Report) =>
  apis.flatMap(({ results }) => results.filter(({ outcome }) => outcome === 'different').map(({ id }) => id))

const all = ['--create', '--hallpass']

describe('hallpass conform', { timeout: 60_000 }, () => {
  test('exits with 0 and finds no difference in our own server', async () => {
    const { report, exitCode } = await reportOf(server.url, all)
    expect(differing(report)).toEqual([])
    // those that wait
    expect(report).toMatchObject({ different: 0, skipped: 2 })
    expect(report.same).toBeGreaterThan(40)
    expect(exitCode).toBe(0)
  })

  test('without --create, nothing is created, and the calls that would are listed', async () => {
    const watched = await startFaultyServer(server.url, (_, forward) => forward())
    const { stdout, exitCode } = await conform(watched.url, ['--hallpass', '--format', 'pretty']).finally(watched.stop)
    expect(exitCode).toBe(0)
    const succeeded = watched.seen.filter(({ given }) => given.status < 300).map(({ request }) => request.path)
    expect(succeeded.length).toBeGreaterThan(0)
    expect(succeeded.filter((path) => !path.startsWith('/api/v1/widget/config?'))).toEqual([])
    expect(stdout).toContain('Add --create to run the skipped checks:\n')
    expect(stdout).toContain('  POST /api/v1/widget/auth/guest creates a guest session\n')
    expect(stdout).toMatch(/: \d+ as documented, 0 different, \d+ skipped\.\n/)
    const { stdout: created } = await conform(server.url, [...all, '--format', 'pretty'], {
      ...env,
      HALLPASS_CONFORM_LIMITED_API_KEY: '',
    })
    expect(created).toContain('Add --wait to run visitor.expiry, card.expiry.\n')
    expect(created).toContain('Add --limited-api-key to run card.forbidden.\n')
  })

  test('checks only the APIs that were chosen, and says what the others need', async () => {
    const chosen = await reportOf(server.url, ['--api', 'card', '--api', 'bridge'])
    expect(chosen.report.apis).toHaveLength(2)
    const { stdout } = await conform(server.url, ['--format', 'pretty'], { HALLPASS_API_KEY: key })
    expect(stdout).toContain('- bridge: not checked without --customer-id\n')
    expect(stdout).toContain('- visitor: not checked without --client-key, --origin\n')
    expect(stdout).toContain('- card: not checked without --card-id\n')
  })

  test('exits with 2 if nothing could be checked', async () => {
    expect((await conform(server.url, [], {})).exitCode).toBe(2)
    const unreachable = await conform('http://127.0.0.1:1', ['--api', 'card'])
    expect(unreachable).toMatchObject({ exitCode: 2, stdout: '' })
    expect(unreachable.stderr).toContain('there was no response from http://127.0.0.1:1.')
    expect((await conform(server.url, ['--api', 'payments'])).exitCode).toBe(2)
    expect((await conform(server.url, ['--widget-type', 'SHOW'])).exitCode).toBe(2)
  })

  test('prints a difference with what was expected and received', async () => {
    const faulty = await startFaultyServer(server.url, faultyStatus(401, 403))
    const { stdout, exitCode } = await conform(faulty.url, ['--api', 'bridge', '--format', 'pretty']).finally(
      faulty.stop,
    )
    expect(exitCode).toBe(1)
    expect(stdout).toContain('✗ bridge.missing_key: 401 without a secret key\n    status: expected 401, received 403\n')
  })
})

describe('hallpass conform names each planted difference', { timeout: 60_000 }, () => {
  test.each(conformFaults(key, origin))('%s (%s)', async (_, api, fault, found) => {
    const faulty = await startFaultyServer(server.url, fault)
    const { report, exitCode, stdout } = await reportOf(faulty.url, [...all, '--api', api]).finally(faulty.stop)
    expect(differing(report)).toEqual(found)
    expect(exitCode).toBe(1)
    // no key and no token is in the output
    for (const secret of [key, 'eyJ', 'hprt_']) expect(stdout).not.toContain(secret)
  })
})

describe('the checks that wait for the expiry of tokens', { timeout: 60_000 }, () => {
  const expiries = async (url: string) => {
    const target = {
      ...{ baseUrl: url, apiKey: key, customer, clientKey: 'pk_test_acme', origin, card, widgetType: 'REVEAL' },
      ...{ limitedKey, run: `conform-${Math.random()}`, send: sender(fetch, url, 10) },
      wait: async (seconds: number) => {
        ahead += seconds * 1000
      },
    }
    const sections = await runChecks(target, { create: true, wait: true, additions: true, apis: ['visitor', 'card'] })
    return sections.flatMap(({ results }) => results).filter(({ id }) => id.endsWith('.expiry'))
  }

  test('find no difference in our own server', async () => {
    expect((await expiries(server.url)).map(({ outcome }) => outcome)).toEqual(['same', 'same'])
  })

  test('name a server whose tokens do not expire', async () => {
    const faulty = await startFaultyServer(server.url, async (_, forward) => {
      const given = await forward()
      return given.status === 400 || given.status === 422 ? { ...given, status: 200, body: '{}' } : given
    })
    const found = await expiries(faulty.url).finally(faulty.stop)
    expect(found.map(({ outcome }) => outcome)).toEqual(['different', 'different'])
  })
})
