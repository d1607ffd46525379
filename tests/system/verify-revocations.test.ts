import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import { hostKey } from './support/fixtures/host-key.js'
import { feedOf, sizeOf, verifiersOf } from './support/fixtures/revocation-feed.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { acmeAt, fetchFrom } from './support/servers/resource-server.js'

const second = 1000
const minute = 60 * second

let server: AssembledServer
let asAcme: ReturnType<typeof acmeAt>
beforeEach(async () => {
  server = await assembleServer()
  asAcme = acmeAt(server)
})
afterEach(() => server.stop())

describe('an offline verifier notices a revocation within 30 seconds', () => {
  const setCustomer = (status: string) => asAcme.post('/v1/admin/customers', { id: acme.customer, status })
  const cases: [string, 'session' | 'bridge', () => Promise<{ token: string; end: () => Promise<unknown> }>][] = [
    [
      'of a session, by its token',
      'session',
      async () => {
        const { token } = await asAcme.guest()
        return { token, end: () => asAcme.revoke(token) }
      },
    ],
    [
      'of a session, by its refresh token',
      'session',
      async () => {
        const { token, refresh_token } = await asAcme.guest()
        return { token, end: () => asAcme.revoke(refresh_token) }
      },
    ],
    [
      'of a session, whose newest token was refreshed',
      'session',
      async () => {
        const { refresh_token, session_id } = await asAcme.guest()
        const { token } = await asAcme.refresh(refresh_token)
        return { token, end: () => asAcme.end({ session_id }) }
      },
    ],
    [
      'of a visitor',
      'session',
      async () => {
        const { token, visitor_id } = await asAcme.guest()
        return { token, end: () => asAcme.end({ visitor_id }) }
      },
    ],
    [
      'of a user',
      'session',
      async () => ({ token: (await asAcme.user('user_7')).token, end: () => asAcme.end({ user_id: 'user_7' }) }),
    ],
    [
      'of a client key',
      'session',
      async () => {
        const { token } = await asAcme.guest()
        const client_key_id = await asAcme.clientKeyId(acme.clientKey)
        return { token, end: () => asAcme.end({ client_key_id }) }
      },
    ],
    [
      'of an account',
      'session',
      async () => ({ token: (await asAcme.guest()).token, end: () => asAcme.end({ account: true }) }),
    ],
    [
      'of a client key that was disabled',
      'session',
      async () => {
        const { token } = await asAcme.guest()
        const id = await asAcme.clientKeyId(acme.clientKey)
        return { token, end: () => asAcme.post(`/v1/admin/client_keys/${id}`, { disabled: true }) }
      },
    ],
    [
      'of a bridge token',
      'bridge',
      async () => {
        const token = await asAcme.bridgeToken()
        return { token, end: () => asAcme.revoke(token) }
      },
    ],
    [
      "of an account's bridge tokens",
      'bridge',
      async () => ({ token: await asAcme.bridgeToken(), end: () => asAcme.end({ account: true }) }),
    ],
    [
      "of a customer's bridge tokens",
      'bridge',
      async () => ({ token: await asAcme.bridgeToken(), end: () => asAcme.end({ customer_id: acme.customer }) }),
    ],
    [
      'of a customer who was inactive for a moment',
      'bridge',
      async () => ({
        token: await asAcme.bridgeToken(),
        end: () => setCustomer('inactive').then(() => setCustomer('verified')),
      }),
    ],
    [
      "of a secret key's bridge tokens",
      'bridge',
      async () => {
        const api_key_id = await asAcme.apiKeyId('host')
        return { token: await asAcme.bridgeToken(), end: () => asAcme.end({ api_key_id }) }
      },
    ],
    [
      'of the sessions behind a secret key',
      'session',
      async () => {
        const api_key_id = await asAcme.apiKeyId('host')
        const { refresh_token } = await asAcme.user()
        const { token } = await asAcme.refresh(refresh_token)
        return { token, end: () => asAcme.end({ api_key_id }) }
      },
    ],
    [
      'of everything, by a restore of the database (bridge)',
      'bridge',
      async () => ({ token: await asAcme.bridgeToken(), end: () => server.store.markRestored(server.clock.now()) }),
    ],
    [
      'of everything, by a restore of the database (session)',
      'session',
      async () => ({ token: (await asAcme.guest()).token, end: () => server.store.markRestored(server.clock.now()) }),
    ],
  ]

  test.each(cases)('%s', async (_, kind, begin) => {
    const verifier = verifiersOf(server)[kind]
    const { token, end } = await begin()
    expect(await verifier.verify(token)).toMatchObject({ ok: true })
    server.clock.advance(1)
    await end()
    server.clock.advance(30 * second)
    expect(await verifier.verify(token)).toMatchObject({ ok: false, reason: 'revoked' })
  })

  test('even under load, without ever waiting for the feed', async () => {
    const { session } = verifiersOf(server)
    const { token, session_id } = await asAcme.guest()
    await session.verify(token)
    await asAcme.end({ session_id })
    let seenAfter = 0
    while ((await session.verify(token)).ok && seenAfter < 60 * second) {
      server.clock.advance(100)
      seenAfter += 100
      // refreshed documents arrive meanwhile
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(seenAfter).toBeLessThanOrEqual(30 * second)
  })

  test('and accepts what began after a cutoff', async () => {
    const { session } = verifiersOf(server)
    await asAcme.end({ account: true })
    server.clock.advance(1)
    const { token } = await asAcme.guest()
    server.clock.advance(30 * second)
    expect(await session.verify(token)).toMatchObject({ ok: true })
  })

  test('enabling a client key again reactivates its sessions', async () => {
    const { session } = verifiersOf(server)
    const { token } = await asAcme.guest()
    const id = await asAcme.clientKeyId(acme.clientKey)
    await asAcme.post(`/v1/admin/client_keys/${id}`, { disabled: true })
    await asAcme.post(`/v1/admin/client_keys/${id}`, { disabled: false })
    server.clock.advance(30 * second)
    expect(await session.verify(token)).toMatchObject({ ok: true })
    expect(sizeOf(await feedOf(server))).toBe(0)
  })

  test('tokens of other sessions, visitors, users and client keys stay valid', async () => {
    const { session } = verifiersOf(server)
    const others = [await asAcme.guest(), await asAcme.user('user_8'), await asAcme.guest(acme.guestOnly)]
    const ended = await asAcme.user('user_9')
    await asAcme.end({ session_id: (await asAcme.guest()).session_id })
    await asAcme.end({ visitor_id: ended.visitor_id })
    await asAcme.end({ user_id: 'user_9' })
    await asAcme.end({ client_key_id: await asAcme.clientKeyId(acme.userOnly) })
    await asAcme.end({ api_key_id: await asAcme.apiKeyId('backend') })
    await asAcme.end({ card_id: acme.activeCard })
    const now = server.clock.now()
    const theirs = { scope: 'user', subject: 'user_8' } as const
    await server.store.addCutoff(rival.account, theirs, { notBefore: now, expiresAt: now + minute }, () => undefined)
    server.clock.advance(30 * second)
    for (const { token } of others) expect(await session.verify(token)).toMatchObject({ ok: true })
    expect(await session.verify(ended.token)).toMatchObject({ reason: 'revoked' })
  })

  test('removing a signing key ends its tokens, and the new key is known at once', async () => {
    const { bridge } = verifiersOf(server)
    const old = await asAcme.bridgeToken()
    expect((await bridge.verify(old)).ok).toBe(true)
    await asAcme.revokeKey(decodeProtectedHeader(old).kid ?? '')
    expect((await bridge.verify(await asAcme.bridgeToken())).ok).toBe(true)
    server.clock.advance(30 * second)
    expect(await bridge.verify(old)).toMatchObject({ ok: false, reason: 'unknown_key' })
  })
})

describe('by introspection', () => {
  test('notices a revocation at once, and rejects tokens while introspection is unavailable', async () => {
    const fetch = fetchFrom(server)
    const askingWith = (apiKey: string) => verifiersOf(server, { fetch, revocation: { by: 'introspection', apiKey } })
    const { session, bridge } = askingWith(hostKey)
    const { token, session_id } = await asAcme.guest()
    expect(await session.verify(token)).toEqual({ ok: true, claims: decodeJwt(token) })
    expect(await bridge.verify(await asAcme.bridgeToken())).toMatchObject({ ok: true })
    await asAcme.end({ session_id })
    expect(await session.verify(token)).toMatchObject({ ok: false, reason: 'revoked' })
    const active = (await asAcme.guest()).token
    for (const [key, reason] of [
      [rival.key, 'wrong_account'],
      ['sk_test_unknown', 'unavailable'],
    ] as const) {
      expect(await askingWith(key).session.verify(active)).toMatchObject({ ok: false, reason })
    }
  })
})

describe('by expiry', () => {
  test('accepts a revoked token until it expires, and requests only the keys, once', async () => {
    let requests = 0
    const fetch: typeof globalThis.fetch = (...request) => {
      requests++
      return fetchFrom(server)(...request)
    }
    const { session } = verifiersOf(server, { fetch, revocation: { by: 'expiry' } })
    const { token } = await asAcme.guest()
    await asAcme.revoke(token)
    server.clock.advance(minute)
    expect(await session.verify(token)).toMatchObject({ ok: true })
    expect(requests).toBe(1)
  })
})
