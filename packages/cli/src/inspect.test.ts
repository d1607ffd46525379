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
const declaration = {
  ...{ name: 'report', form: 'jwt', uses: 2, ttl_seconds: { default: 60, max: 60 }, actions: ['view'] },
  ...{ resource: 'required', claims: { type: 'object', properties: { rows: { type: 'integer' } } } },
}
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
  kinds: [declaration],
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
    ['bridge', () => mintBridge(), `It opens the Bridge widget for customer ${customer} of account`, 14_400],
    ['visitor', mintVisitor, 'It identifies the user 42 as visitor ', 300],
    ['widget-session', async () => (await mintGuest()).token, 'It is the session ', 900],
    ['embed-ticket', mintTicket, 'It proves once to a widget of client key ', 60],
  ])('%s: prints that it is accepted, what it permits and the time left', async (kind, mint, says, longest) => {
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

  test('needs no secret key and does not send the token', async () => {
    const token = await mintBridge()
    const sent: string[] = []
    const { exitCode } = await inspect(token, ['--base-url', server.url], {
      env: { HALLPASS_API_KEY: key },
      onRequest: (request) => sent.push(JSON.stringify(request)),
    })
    expect(exitCode).toBe(0)
    expect(sent).toHaveLength(2)
    for (const request of sent) for (const hidden of [key, token]) expect(request).not.toContain(hidden)
  })

  test('reads the public keys and the token from files', async () => {
    writeFileSync(at('jwks.json'), await (await fetch(`${server.url}/.well-known/jwks.json`)).text())
    writeFileSync(at('token'), `${await mintBridge(server, { external_id: 'order 7' })}\n`)
    const flags = ['--jwks', at('jwks.json'), '--base-url', 'http://127.0.0.1:1']
    const value = await inspected(`@${at('token')}`, flags)
    expect(value.verdict).toBe('accepted')
    expect(value.says).toContain('Its external id is "order 7".')
    const other = await inspected(`@${at('token')}`, [...flags, '--issuer', 'https://pass.example.com'])
    expect(other).toMatchObject({ verdict: 'refused', refused_because: ['it is from another issuer'] })
  })

  test('checks a token of a declared kind against its declaration', async () => {
    const report = { kind: 'report', subject: 'user_42', resource: 'report_7', claims: { rows: 5 } }
    const { token } = await post<{ token: string }>(server, '/v1/tokens', report, bearer)
    const says = [
      `Its kind is report, which account ${account.id} declared (revision 1).`,
      'It permits view for user_42, on report_7.',
      'It can be redeemed 2 times.',
    ]
    const unknown = await inspected(token)
    expect(unknown).toMatchObject({ kind: 'declared', verdict: 'undecided', refused_because: [] })
    expect(unknown.says).toEqual([...says, expect.stringContaining('add --declaration')])
    const against = async (changes: object) => {
      writeFileSync(at('kind.json'), JSON.stringify({ ...declaration, ...changes }))
      return inspected(token, ['--base-url', server.url, '--declaration', at('kind.json')])
    }
    expect(await against({})).toMatchObject({ verdict: 'accepted', says, claims: { claims: { rows: 5 } } })
    const wrong = { properties: { rows: { type: 'string' } }, type: 'object' }
    const invalid = ['its claims are not valid for its kind']
    for (const changes of [{ claims: wrong }, { actions: ['export'] }, { resource: 'none' }])
      expect(await against(changes)).toMatchObject({ verdict: 'refused', refused_because: invalid })
    expect((await against({ audience: 'reports' })).refused_because).toEqual(['it is for another audience'])
    expect((await against({ typ: 'at+jwt', audience: 'https://api.example' })).refused_because).toEqual([
      'its header has another typ than its kind',
      'it is for another audience',
    ])
  })

  test('explains why a token would be refused', async () => {
    const token = await mintBridge()
    const [header = '', payload = '', signature = ''] = token.split('.')
    const altered = `${header}.${payload}.${signature.slice(0, -8)}${signature.endsWith('AAAAAAAA') ? 'AAAAAAAE' : 'AAAAAAAA'}`
    expect((await inspected(altered)).refused_because).toEqual(['its signature is invalid'])
    const expired = await inspected(await mintBridge(old), ['--base-url', old.url])
    expect(expired).toMatchObject({ kind: 'bridge', refused_because: ['it has expired'] })
    expect(expired.seconds_left).toBeLessThan(0)
    const foreign = await inspected(await mintBridge(old))
    expect(foreign.refused_because).toEqual([
      'the issuer does not publish the key that it names',
      'it is from another issuer',
    ])
    for (const invalid of [`${token}=`, `${header}.${payload}`, 'nonsense', ` ${token} x`]) {
      expect((await inspected(invalid)).refused_because).toEqual([
        'it is not a token of this service, or its encoding was changed',
      ])
    }
  })

  test("shows the readable parts of another service's token", async () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const foreign = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'someone' })}.c2ln`
    expect(await inspected(foreign)).toMatchObject({
      kind: 'none',
      verdict: 'refused',
      header: { alg: 'HS256' },
      claims: { sub: 'someone' },
    })
  })

  test('reports that only the service can verify an opaque token', async () => {
    const { refresh_token } = await mintGuest()
    expect(await inspected(refresh_token)).toMatchObject({ kind: 'refresh', verdict: 'opaque' })
    expect(await inspected(`hpkt_${'a'.repeat(43)}`)).toMatchObject({ kind: 'declared', verdict: 'opaque' })
    expect(await inspected('0b0319e2-d5f4-49cb-b426-9ff9b2e96969')).toMatchObject({ kind: 'card', verdict: 'opaque' })
  })

  test('on a terminal, prints sentences and a warning that others can see the token', async () => {
    const { stdout, stderr } = await inspect(await mintBridge(), ['--base-url', server.url, '--no-color'], {
      terminal: true,
    })
    expect(stdout).toMatch(
      /^a bridge token: accepted\n {2}It opens the Bridge widget .*\n {2}The processing method of the paykey is inline, and its sandbox outcome is standard\.\n {2}It expires in (3 h 59 min|4 h 0 min)\.\n {2}Only the service knows whether it was spent /,
    )
    expect(stderr).toBe('warning: other users of this machine can see --token. Use --token @file instead.\n')
    const refused = await inspect(await mintBridge(old), ['--base-url', old.url], { terminal: true })
    expect(refused.stdout).toContain('a bridge token: \u001b[31mrefused\u001b[39m\n  because it has expired\n')
    expect(refused.stdout).toMatch(/It expired \d+ min \d+ s ago\./)
  })

  test('control characters of an unsigned token do not reach the terminal', async () => {
    const id = 'Eve\u001b[2K\u001b]0;gone\u0007\r\nhidden\u009b31m\u202e'
    const [header = '', payload = '', signature = ''] = (await mintVisitor()).split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forged = Buffer.from(JSON.stringify({ ...claims, user: { id } })).toString('base64url')
    const flags = ['--base-url', server.url, '--no-color']
    const { stdout } = await inspect(`${header}.${forged}.${signature}`, flags, { terminal: true })
    expect(stdout).toContain('It identifies the user Eve?[2K?]0;gone???hidden?31m? as visitor')
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u)
  })

  test('prints no times if they are out of range', async () => {
    const [header = '', payload = '', signature = ''] = (await mintBridge()).split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const forged = Buffer.from(JSON.stringify({ ...claims, iat: 9e12 })).toString('base64url')
    const value = await inspected(`${header}.${forged}.${signature}`)
    expect(value.refused_because).toContain('its signature is invalid')
    expect(value).not.toHaveProperty('issued_at')
  })

  test.each([
    [['--jwks', 'none.json'], 'Cannot read the file "none.json" of --jwks.\n'],
    [['--base-url', 'http://127.0.0.1:1'], 'GET "http://127.0.0.1:1/.well-known/'],
  ])('%j: exits with 1 without a verdict if the keys cannot be loaded', async (flags, line) => {
    const outcome = await inspect('x.y.z', flags)
    expect(outcome).toMatchObject({ exitCode: 1, stdout: '' })
    expect(outcome.stderr).toContain(line)
  })

  test('requires --token', async () => {
    expect((await hallpass(['tokens', 'inspect'])).stderr).toBe(
      "Missing required flag --token.\nRun 'hallpass tokens inspect --help' for usage.\n",
    )
  })
})
