import type { WidgetSession } from '@hallpass/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  account,
  both,
  branchCard,
  card,
  child,
  createKey,
  customer,
  fromShop,
  inFile,
  isActive,
  isActiveFor,
  key,
  listClientKeys,
  mintBridge,
  mintCard,
  mintGuest,
  mintVisitor,
  post,
  revoke,
  serverUrl,
  startAccounts,
  stopAccounts,
  visitorPath,
} from './testing/revocable.js'

beforeAll(startAccounts, 30_000)
afterAll(stopAccounts)

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
    const { token, session_id: id } = await mintGuest()
    const mint = async () => token
    await ends(mint, () => id.toUpperCase(), { kind: 'session', id })
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
    for (const [mint, kind, id] of [
      [mintBridge, 'customer', customer],
      [mintCard, 'card', card],
      [mintBridge, 'account', account.id],
    ] as const) {
      await ends(
        () => mint(),
        () => id,
        { kind, id },
      )
    }
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
      const { exitCode, stdout } = await revoke(inFile(`${made[by]}\n`))
      expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining({ kind: 'api-key', id: made.id })])
      expect(stdout).not.toContain(made.secret)
      expect(await isActive(token)).toBe(false)
      const response = await fetch(`${serverUrl()}/v1/bridge/initialize`, {
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
      const env = { HALLPASS_API_KEY: own.secret }
      const { exitCode, stdout, stderr } = await revoke(inFile(own[by]), [], { env })
      expect([exitCode, stderr]).toEqual([0, 'This was the key you called with. It no longer works.\n'])
      expect(JSON.parse(stdout)).toMatchObject({ kind: 'api-key', id: own.id, own_key: true, disabled: true })
      expect(await isActive(token)).toBe(false)
      expect((await revoke(customer, ['--dry-run'], { env })).exitCode).toBe(1)
    },
  )

  test('keeps the last key that can administer the account, but ends what it minted', async () => {
    const token = await mintBridge()
    const { exitCode, stdout, stderr } = await revoke(inFile(key))
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
        const { stdout, stderr } = await revoke(inFile(secret), ['--debug', ...as], {
          env: { HALLPASS_API_KEY: own.secret },
          onRequest: ({ url, init }) => sent.push(url, JSON.stringify(init?.headers)),
        })
        expect([stdout, stderr, ...sent].join().toLowerCase()).not.toContain(secret.toLowerCase())
      }
    }
    expect(await isActiveFor('sk_test_branch', secrets.branch)).toBe(true)
  })
})
