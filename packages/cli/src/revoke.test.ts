import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { WidgetSession } from '@hallpass/contracts'
import { createServer, type HallpassServer, loadConfig } from '@hallpass/server'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hallpass, type Surroundings } from './testing/hallpass.js'

const customer = '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e'
const card = '7d943c51-e4ff-4e57-9558-08cab6b963c7'
const both = '0b0319e2-d5f4-49cb-b426-9ff9b2e96970'
const child = '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e12'
const branchCustomer = '5b9f1c52-7a5e-4f0a-9a0a-2f5d3f6f8d01'
const branchCard = '5b9f1c52-7a5e-4f0a-9a0a-2f5d3f6f8d02'
const key = 'sk_test_acme'
const account = {
  id: '0f9b7c1e-3d52-4a86-9c4f-6b1f0a9d2e11',
  tenant: '2_3',
  environment: 'sandbox' as const,
  rate_limit: { requests_per_second: 0 },
  api_keys: [{ secret: key, scopes: ['*'] }],
  client_keys: [
    {
      client_key: 'pk_test_acme',
      origin_allowlist: ['https://shop.test'],
      agent: { id: 'agent_1', display_name: 'Ada' },
    },
  ],
  customers: [{ id: customer }, { id: both }],
  cards: [
    { id: card, customer_id: customer, status: 'ACTIVE' },
    { id: both, customer_id: customer, status: 'ACTIVE' },
  ],
}

let folder: string
let server: HallpassServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hallpass-revoke-'))
  const fixture = join(folder, 'fixture.json')
  const branch = {
    id: child,
    tenant: '2_4',
    environment: 'sandbox',
    rate_limit: account.rate_limit,
    parent_id: account.id,
    api_keys: [{ secret: 'sk_test_branch', scopes: ['*'] }],
    customers: [{ id: branchCustomer }],
    cards: [{ id: branchCard, customer_id: branchCustomer, status: 'ACTIVE' }],
  }
  writeFileSync(fixture, JSON.stringify({ accounts: [account, branch] }))
  const flags = { port: '0', 'database-url': ':memory:', 'log-level': 'silent', fixture }
  server = await createServer(loadConfig(flags, {}), { noticeMilliseconds: 0 })
}, 30_000)
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

async function send<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(server.url + path, init)
  expect(response.status, await response.clone().text()).toBe(200)
  return (await response.json()) as T
}
const post = <T>(path: string, body: object, headers: object) =>
  send<T>(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
const bearer = { Authorization: `Bearer ${key}` }
const visitorPath = '/api/v1/widget/auth'
const fromShop = { Origin: 'https://shop.test' }
const mintGuest = () => post<WidgetSession>(`${visitorPath}/guest`, { client_key: 'pk_test_acme' }, fromShop)
const mintCard = async (id = card, secret = key) => {
  const headers = { Authorization: `Bearer ${secret}` }
  return (await send<{ widget_token: string }>(`/v1/cards/${id}/widget_token?widget_type=REVEAL`, { headers }))
    .widget_token
}
const mintBridge = async (secret = key) => {
  const headers = { Authorization: `Bearer ${secret}` }
  const body = { customer_id: customer }
  return (await post<{ data: { bridge_token: string } }>('/v1/bridge/initialize', body, headers)).data.bridge_token
}
const mintVisitor = async () =>
  (
    await post<{ token: string }>(
      `${visitorPath}/user-token`,
      { client_key: 'pk_test_acme', user_id: 'user_42' },
      bearer,
    )
  ).token
const isActiveFor = async (secret: string, token: string) =>
  (
    await send<{ active: boolean }>('/oauth2/introspect', {
      method: 'POST',
      headers: { Authorization: `Bearer ${secret}` },
      body: new URLSearchParams({ token }),
    })
  ).active
const isActive = (token: string) => isActiveFor(key, token)
const listClientKeys = () => send<{ data: { id: string }[] }>('/v1/admin/client_keys', { headers: bearer })
const createKey = (scopes = ['bridge:write']) =>
  post<{ id: string; secret: string }>('/v1/admin/api_keys', { scopes, name: 'leaked' }, bearer)

const revoke = (thing: string, flags: readonly string[] = [], surroundings: Surroundings = {}) =>
  hallpass(['revoke', thing, '--base-url', server.url, ...flags], {
    env: { HALLPASS_API_KEY: key },
    ...surroundings,
  })

/** Waits for the clock to advance, so that tokens minted from now on are later than a cutoff. */
const tick = () => new Promise((resolve) => setTimeout(resolve, 5))

/** Revokes a thing, first as a dry run, and expects its token to end. */
async function ends(mint: () => Promise<string>, thingOf: (token: string) => string | Promise<string>, output: object) {
  const token = await mint()
  const thing = await thingOf(token)
  const dry = await revoke(thing, ['--dry-run'])
  expect(JSON.parse(dry.stdout)).toMatchObject({ ...output, dry_run: true })
  expect(await isActive(token)).toBe(true)
  const { exitCode, stdout, stderr } = await revoke(thing)
  expect([exitCode, stderr]).toEqual([0, ''])
  expect(JSON.parse(stdout)).toMatchObject({ ...output, ends: expect.stringMatching(/./), dry_run: false })
  expect(stdout).not.toContain(token)
  expect(await isActive(token)).toBe(false)
  await tick()
}

describe('hallpass revoke', { timeout: 30_000 }, () => {
  test.each<[string, () => Promise<string>]>([
    ['bridge', () => mintBridge()],
    ['visitor', mintVisitor],
    ['card', () => mintCard()],
    ['widget-session', async () => (await mintGuest()).token],
    ['refresh', async () => (await mintGuest()).refresh_token],
  ])('recognizes a %s token and ends it', async (kind, mint) => {
    await ends(mint, (token) => token, { kind: `${kind} token`, was_active: true })
  })

  test('recognizes a session id, even in upper case', async () => {
    const guest = await mintGuest()
    const id = guest.session_id
    await ends(
      async () => guest.token,
      () => id.toUpperCase(),
      { kind: 'session', id },
    )
  })

  test('requires --as visitor for a visitor id, because it could be a secret', async () => {
    const { token, visitor_id } = await mintGuest()
    const unclear = await revoke(visitor_id)
    expect([unclear.exitCode, unclear.stdout]).toEqual([1, ''])
    expect(unclear.stderr).toMatch(/Nothing was ended.*--as visitor/)
    expect(await isActive(token)).toBe(true)
    const { exitCode, stdout } = await revoke(visitor_id.toUpperCase(), ['--as', 'visitor'])
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ kind: 'visitor', id: visitor_id })])
    expect(await isActive(token)).toBe(false)
  })

  test('recognizes a client key by its id and by its public name', async () => {
    const [id = ''] = (await listClientKeys()).data.map((one) => one.id)
    for (const thing of [id, 'pk_test_acme']) {
      await ends(
        async () => (await mintGuest()).token,
        () => thing,
        { kind: 'client-key', id },
      )
    }
  })

  test('recognizes a customer, a card and an account', async () => {
    await ends(
      () => mintBridge(),
      () => customer,
      { kind: 'customer', id: customer },
    )
    await ends(
      () => mintCard(),
      () => card,
      { kind: 'card', id: card },
    )
    await ends(
      () => mintBridge(),
      () => account.id,
      { kind: 'account', id: account.id },
    )
  })

  test('with a child account, ends only the tokens of that account', async () => {
    const token = await mintBridge()
    const { exitCode, stdout } = await revoke(child)
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ kind: 'account', subject: child })])
    expect(await isActive(token)).toBe(true)
  })

  test.each<'id' | 'secret'>(['id', 'secret'])(
    'disables a secret key by its %s and ends what it minted',
    async (by) => {
      const made = await createKey()
      const token = await mintBridge(made.secret)
      writeFileSync(join(folder, 'thing'), `${made[by]}\n`)
      const { exitCode, stdout } = await revoke(`@${join(folder, 'thing')}`)
      expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ kind: 'api-key', id: made.id })])
      expect(stdout).not.toContain(made.secret)
      expect(await isActive(token)).toBe(false)
      const response = await fetch(`${server.url}/v1/bridge/initialize`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${made.secret}` },
      })
      expect(response.status).toBe(401)
    },
  )

  test.each<'id' | 'secret'>(['id', 'secret'])(
    'a key can revoke itself by its %s, with everything it minted',
    async (by) => {
      const own = await createKey(['admin', 'bridge:write', 'tokens:introspect'])
      const token = await mintBridge(own.secret)
      writeFileSync(join(folder, 'thing'), own[by])
      const env = { HALLPASS_API_KEY: own.secret }
      const { exitCode, stdout, stderr } = await revoke(`@${join(folder, 'thing')}`, [], { env })
      expect([exitCode, stderr]).toEqual([0, 'This was the key you called with. It no longer works.\n'])
      expect(JSON.parse(stdout)).toMatchObject({ kind: 'api-key', id: own.id, own_key: true, disabled: true })
      expect(await isActive(token)).toBe(false)
      expect((await revoke(customer, ['--dry-run'], { env })).exitCode).toBe(1)
    },
  )

  test('keeps the last key that can administer the account, but ends what it minted', async () => {
    const token = await mintBridge()
    writeFileSync(join(folder, 'thing'), key)
    const { exitCode, stdout, stderr } = await revoke(`@${join(folder, 'thing')}`)
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('has ended, but the key still works')])
    expect(stderr + stdout).toContain('No other key could administer the account')
    expect(await isActive(token)).toBe(false)
    await tick()
  })

  test('finds a secret key by its whole secret, not by its hint', async () => {
    const made = await createKey()
    const alike = `${made.secret.slice(0, 20)}${'x'.repeat(made.secret.length - 24)}${made.secret.slice(-4)}`
    expect((await revoke(alike)).stderr).toContain('Nothing was ended')
    // a secret that the account chose itself has no useful hint
    const { exitCode, stdout } = await revoke('sk_test_branch', ['--straddle-account-id', child, '--dry-run'])
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ kind: 'api-key' })])
  })

  test('requires --as user for a user id', async () => {
    const token = await mintVisitor()
    const unclear = await revoke('user_42')
    expect([unclear.exitCode, unclear.stdout]).toEqual([1, ''])
    expect(unclear.stderr).toContain('--as user')
    expect(await isActive(token)).toBe(true)
    expect((await revoke('user_42', ['--as', 'user'])).exitCode).toBe(0)
    expect(await isActive(token)).toBe(false)
  })

  test('ends nothing if an id matches two things, and lists both', async () => {
    const token = await mintCard(both)
    const unclear = await revoke(both)
    expect([unclear.exitCode, unclear.stdout]).toEqual([1, ''])
    expect(unclear.stderr).toContain(`customer ${both}, card ${both}`)
    expect(await isActive(token)).toBe(true)
    expect((await revoke(both, ['--as', 'card'])).exitCode).toBe(0)
    expect(await isActive(token)).toBe(false)
  })

  test.each([
    ['an unknown public name', 'pk_test_unknown', /Nothing was ended/],
    ['a secret that no key of the account has', `sk_test_${'a'.repeat(11)}_${'b'.repeat(49)}`, /Nothing was ended/],
    ['a UUID version that Hallpass does not use', '182bd5e5-6e1a-1fe4-a799-aa6d9a6ab26e', /Nothing was ended/],
    ['a session id that is years old', '01000000-0000-7000-8000-000000000000', /Nothing was ended/],
    ['an unknown random id', '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26f', /Nothing was ended/],
    ['a text with a space', 'a b', /without spaces/],
  ])('exits with 1 and a hint for %s without printing it', async (_, thing, hint) => {
    const { exitCode, stdout, stderr } = await revoke(thing)
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(hint)])
    if (thing.startsWith('sk_')) expect(stdout + stderr).not.toContain(thing)
  })

  test('exits with 1 for a token that is already revoked', async () => {
    const token = await mintBridge()
    expect((await revoke(token)).exitCode).toBe(0)
    const again = await revoke(token)
    expect([again.exitCode, JSON.parse(again.stdout)]).toEqual([1, expect.objectContaining({ was_active: false })])
    expect(again.stderr).toContain('was not active')
  })

  test('a used refresh token still ends its session', async () => {
    const guest = await mintGuest()
    const next = await post<WidgetSession>(`${visitorPath}/refresh`, { refresh_token: guest.refresh_token }, fromShop)
    expect((await revoke(guest.refresh_token)).exitCode).toBe(0)
    expect(await isActive(next.token)).toBe(false)
  })

  test('reads stdin for -, and warns a person about a secret in an argument', async () => {
    const [piped, written] = [await mintBridge(), await mintBridge()]
    const quiet = await revoke('-', [], { stdin: `${piped}\n`, terminal: true })
    expect([quiet.exitCode, quiet.stderr]).toEqual([0, ''])
    expect(await isActive(piped)).toBe(false)
    const warned = await revoke(written, [], { terminal: true })
    expect(warned.stderr).toContain('warning: other users of this machine can see a secret')
    expect(warned.stderr + warned.stdout).not.toContain(written)
  })

  test('exits with 1 without an API key before anything is sent', async () => {
    const sent: string[] = []
    const { exitCode, stderr } = await revoke(customer, [], { env: {}, onRequest: ({ url }) => sent.push(url) })
    expect([exitCode, stderr, sent]).toEqual([1, expect.stringContaining('--api-key'), []])
  })

  test('never puts a secret into a URL, a header or the debug output', async () => {
    const spent = await mintCard()
    await revoke(spent)
    const own = await createKey(['admin', 'tokens:introspect', 'tokens:revoke'])
    const secrets = {
      card: await mintCard(),
      // both are inactive for this account: a child's card token and a spent one
      branch: await mintCard(branchCard, 'sk_test_branch'),
      spent,
      opaque: 'an_opaque_token_of_another_service',
      key: (await createKey()).secret,
      refresh: (await mintGuest()).refresh_token,
    }
    const kinds = [[], ...['api-key', 'client-key', 'customer', 'card', 'account'].map((kind) => ['--as', kind])]
    for (const secret of Object.values(secrets)) {
      for (const as of kinds) {
        const sent: string[] = []
        writeFileSync(join(folder, 'thing'), secret)
        const { stdout, stderr } = await revoke(`@${join(folder, 'thing')}`, ['--debug', ...as], {
          env: { HALLPASS_API_KEY: own.secret },
          onRequest: ({ url, init }) => sent.push(url, JSON.stringify(init?.headers)),
        })
        expect([stdout, stderr, ...sent].join().toLowerCase()).not.toContain(secret.toLowerCase())
      }
    }
    expect(await isActiveFor('sk_test_branch', secrets.branch)).toBe(true)
  })
})
