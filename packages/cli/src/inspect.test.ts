import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WidgetSession } from '@hallpass/contracts'
import { createServer, type HallpassServer, loadConfig } from '@hallpass/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hallpass, type Surroundings } from './testing/hallpass.js'

const customer = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'
const key = 'sk_test_acme'
const account = {
  id: '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11',
  tenant: '2_3',
  environment: 'sandbox' as const,
  api_keys: [{ secret: key, scopes: ['*'] }],
  client_keys: [
    {
      client_key: 'pk_test_acme',
      origin_allowlist: ['https://shop.test'],
      agent: { id: 'agent_1', display_name: 'Ada' },
    },
  ],
  customers: [{ id: customer }],
}

let folder: string
let server: HallpassServer
let old: HallpassServer
const at = (name: string) => join(folder, name)

async function start(flags: object = {}, clock = { now: Date.now, random: randomBytes }): Promise<HallpassServer> {
  const fixture = at('fixture.json')
  writeFileSync(fixture, JSON.stringify({ accounts: [account] }))
  const all = { port: '0', 'database-url': ':memory:', 'log-level': 'silent', fixture, ...flags }
  return createServer(loadConfig(all, {}), { noticeMilliseconds: 0, clock })
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-inspect-'))
  server = await start({ 'signing-alg': 'ES256' })
  old = await start({}, { now: () => Date.now() - 5 * 3_600_000, random: randomBytes })
}, 30_000)
afterAll(async () => {
  await Promise.all([server.stop(), old.stop()])
  rmSync(folder, { recursive: true })
})

async function post<T>(from: HallpassServer, path: string, body: object, headers: object): Promise<T> {
  const response = await fetch(from.url + path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  expect(response.status).toBe(200)
  return (await response.json()) as T
}
const bearer = { Authorization: `Bearer ${key}` }
const fromShop = { Origin: 'https://shop.test' }
const visitorPath = '/api/v1/widget/auth'

async function mintBridge(from = server, more: object = {}): Promise<string> {
  const body = { customer_id: customer, ...more }
  return (await post<{ data: { bridge_token: string } }>(from, '/v1/bridge/initialize', body, bearer)).data.bridge_token
}
const mintGuest = () => post<WidgetSession>(server, `${visitorPath}/guest`, { client_key: 'pk_test_acme' }, fromShop)
const mintVisitor = async () =>
  (
    await post<{ token: string }>(
      server,
      `${visitorPath}/user-token`,
      { client_key: 'pk_test_acme', user_id: '42' },
      bearer,
    )
  ).token
const mintTicket = async () =>
  (await post<{ ticket: string }>(server, `${visitorPath}/embed-ticket`, { client_key: 'pk_test_acme' }, fromShop))
    .ticket

const inspect = (token: string, flags: readonly string[] = ['--base-url', server.url], surroundings?: Surroundings) =>
  hallpass(['tokens', 'inspect', '--token', token, ...flags], surroundings)

async function inspected(token: string, flags?: readonly string[]) {
  const { exitCode, stdout } = await inspect(token, flags)
  const value = JSON.parse(stdout)
  expect(exitCode).toBe(value.verdict === 'accepted' ? 0 : 1)
  return value
}

describe('hallpass tokens inspect', { timeout: 30_000 }, () => {
  test.each<[kind: string, mint: () => Promise<string>, says: string, longest: number]>([
    ['bridge', () => mintBridge(), `It opens the bridge widget for the customer ${customer} of account`, 14_400],
    ['visitor', mintVisitor, 'It stands for the user 42 as visitor ', 300],
    ['widget-session', async () => (await mintGuest()).token, 'It is the session ', 900],
    ['embed-ticket', mintTicket, 'It proves once, to a widget of client key ', 60],
  ])('%s: accepted, with what it permits and the time left', async (kind, mint, says, longest) => {
    const value = await inspected(await mint())
    expect(value).toMatchObject({
      kind,
      verdict: 'accepted',
      refused_because: [],
      header: { alg: 'ES256', typ: `${kind}+jwt` },
      claims: { aud: kind, iss: server.url },
    })
    expect(value.says[0]).toContain(says)
    expect(value.seconds_left).toBeGreaterThan(0)
    expect(value.seconds_left).toBeLessThanOrEqual(longest)
  })

  test('needs no secret key, and sends the token nowhere', async () => {
    const token = await mintBridge()
    const asked: string[] = []
    const { exitCode } = await inspect(token, ['--base-url', server.url], {
      env: { HALLPASS_API_KEY: key },
      onRequest: (request) => asked.push(JSON.stringify(request)),
    })
    expect(exitCode).toBe(0)
    expect(asked).toHaveLength(2)
    for (const request of asked) for (const hidden of [key, token]) expect(request).not.toContain(hidden)
  })

  test('by a file of keys alone, and by a file that holds the token', async () => {
    writeFileSync(at('jwks.json'), await (await fetch(`${server.url}/.well-known/jwks.json`)).text())
    writeFileSync(at('token'), `${await mintBridge(server, { external_id: 'order 7' })}\n`)
    const flags = ['--jwks', at('jwks.json'), '--base-url', 'http://127.0.0.1:1']
    const value = await inspected(`@${at('token')}`, flags)
    expect(value.verdict).toBe('accepted')
    expect(value.says).toContain('The caller\'s own name for it is "order 7".')
    const other = await inspected(`@${at('token')}`, [...flags, '--issuer', 'https://pass.example.com'])
    expect(other).toMatchObject({ verdict: 'refused', refused_because: ['another issuer made it'] })
  })

  test('tells why a token would be refused', async () => {
    const token = await mintBridge()
    const [header = '', payload = '', signature = ''] = token.split('.')
    const altered = `${header}.${payload}.${signature.slice(0, -8)}${signature.endsWith('AAAAAAAA') ? 'AAAAAAAE' : 'AAAAAAAA'}`
    expect((await inspected(altered)).refused_because).toEqual(['its signature does not fit'])
    const expired = await inspected(await mintBridge(old), ['--base-url', old.url])
    expect(expired).toMatchObject({ kind: 'bridge', refused_because: ['its life is over'] })
    expect(expired.seconds_left).toBeLessThan(0)
    const stranger = await inspected(await mintBridge(old))
    expect(stranger.refused_because).toEqual([
      'it names a key that the issuer does not publish',
      'another issuer made it',
    ])
    for (const spelled of [`${token}=`, `${header}.${payload}`, 'nonsense', ` ${token} x`]) {
      expect((await inspected(spelled)).refused_because).toEqual([
        'it is not a token of this service, or not in its one spelling',
      ])
    }
  })

  test("shows another service's token as far as it can be read", async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const foreign = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'someone' })}.c2ln`
    expect(await inspected(foreign)).toMatchObject({
      kind: 'none',
      verdict: 'refused',
      header: { alg: 'HS256' },
      claims: { sub: 'someone' },
    })
  })

  test('says of an opaque token that only the service can tell', async () => {
    const { refresh_token } = await mintGuest()
    expect(await inspected(refresh_token)).toMatchObject({ kind: 'refresh', verdict: 'opaque' })
    expect(await inspected('0b0319e2-d5f4-49cb-b426-9ff9b2e96969')).toMatchObject({ kind: 'card', verdict: 'opaque' })
  })

  test('in words on a terminal, with a warning that the token can be seen', async () => {
    const { stdout, stderr } = await inspect(await mintBridge(), ['--base-url', server.url, '--no-color'], {
      terminal: true,
    })
    expect(stdout).toMatch(
      /^a bridge token: accepted\n {2}It opens the bridge widget .*\n {2}The paykey is processed by the method inline, with the outcome standard\.\n {2}It lives for another (3 h 59 min|4 h 0 min)\.\n {2}Whether it was spent /,
    )
    expect(stderr).toBe('warning: --token can be read by others on this machine; --token @file cannot\n')
    const refused = await inspect(await mintBridge(old), ['--base-url', old.url], { terminal: true })
    expect(refused.stdout).toContain('a bridge token: \u001b[31mrefused\u001b[39m\n  because its life is over\n')
    expect(refused.stdout).toMatch(/Its life ended \d+ min \d+ s ago\./)
  })

  test('nothing that an unsigned token says is obeyed by the terminal', async () => {
    const id = 'Eve\u001b[2K\u001b]0;gone\u0007\r\nhidden\u009b31m\u202e'
    const [header = '', payload = '', signature = ''] = (await mintVisitor()).split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forged = Buffer.from(JSON.stringify({ ...claims, user: { id } })).toString('base64url')
    const flags = ['--base-url', server.url, '--no-color']
    const { stdout } = await inspect(`${header}.${forged}.${signature}`, flags, { terminal: true })
    expect(stdout).toContain('It stands for the user Eve?[2K?]0;gone???hidden?31m? as visitor')
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  test('says no time of a token whose time is none', async () => {
    const [header = '', payload = '', signature = ''] = (await mintBridge()).split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forged = Buffer.from(JSON.stringify({ ...claims, iat: 9e12 })).toString('base64url')
    const value = await inspected(`${header}.${forged}.${signature}`)
    expect(value.refused_because).toContain('its signature does not fit')
    expect(value).not.toHaveProperty('issued_at')
  })

  test.each([
    [['--jwks', 'none.json'], '--jwks none.json cannot be read\n'],
    [['--base-url', 'http://127.0.0.1:1'], 'GET "http://127.0.0.1:1/.well-known/'],
  ])('%j: no keys, no verdict', async (flags, line) => {
    const outcome = await inspect('x.y.z', flags)
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' })
    expect(outcome.stderr).toContain(line)
  })

  test('asks for the token', async () => {
    expect((await hallpass(['tokens', 'inspect'])).stderr).toBe(
      'Required flag "token" not set\nRun \'hallpass tokens inspect --help\' for usage.\n',
    )
  })
})
