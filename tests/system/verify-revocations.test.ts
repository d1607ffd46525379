import { createVerifier, type VerifierOptions } from '@hallpass/client/verify'
import { RevocationFeed } from '@hallpass/contracts'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type AssembledServer, assembleServer } from './support/assembled-server.js'
import { acme, rival } from './support/fixture.js'
import { hostKey } from './support/host-key.js'
import { acmeAt, fetchFrom, issuer } from './support/resource-server.js'

const second = 1000
const minute = 60 * second

let server: AssembledServer
let asAcme: ReturnType<typeof acmeAt>
beforeEach(async () => {
  server = await assembleServer()
  asAcme = acmeAt(server)
})
afterEach(() => server.stop())

/** A cache on the way, which holds the feed for as long as it may. */
function throughCache(fetch: typeof globalThis.fetch): typeof globalThis.fetch {
  let held: { readonly text: string; readonly at: number } | undefined
  return async (input, init) => {
    if (!String(input).endsWith('/revocations')) return fetch(input, init)
    const now = server.clock.now()
    const asksAgain = new Headers(init?.headers).get('Cache-Control') === 'no-cache'
    if (!held || asksAgain || now - held.at >= 10 * second)
      held = { text: await (await fetch(input, init)).text(), at: now }
    return new Response(held.text)
  }
}

function verifiersOf(options: Partial<VerifierOptions<'bridge' | 'widget-session'>> = {}) {
  const common = {
    issuer,
    account: acme.account,
    fetch: throughCache(fetchFrom(server)),
    now: server.clock.now,
    ...options,
  }
  return {
    session: createVerifier({ ...common, kind: 'widget-session' }),
    bridge: createVerifier({ ...common, kind: 'bridge' }),
  }
}

const feedOf = async () => {
  const { text } = await server.call('/.well-known/revocations', { method: 'GET' })
  return RevocationFeed.parse(decodeJwt(text))
}
/** How much is in the feed, all lists together. */
const sizeOf = ({ revoked, cut_offs }: RevocationFeed) =>
  Object.values(revoked).join('').length / 16 + Object.values(cut_offs).flatMap(Object.keys).length

describe('a revocation is seen by an offline verifier within 30 seconds', () => {
  type Kind = 'session' | 'bridge'
  const cases: [string, Kind, () => Promise<{ token: string; end: () => Promise<unknown> }>][] = [
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
      async () => {
        const { token } = await asAcme.user('user_7')
        return { token, end: () => asAcme.end({ user_id: 'user_7' }) }
      },
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
    const verifier = verifiersOf()[kind]
    const { token, end } = await begin()
    expect(await verifier.verify(token)).toMatchObject({ ok: true })
    server.clock.advance(1)
    await end()
    server.clock.advance(30 * second)
    expect(await verifier.verify(token)).toMatchObject({ ok: false, reason: 'revoked' })
  })

  test('also by a verifier under load, which never waits for the feed', async () => {
    const { session } = verifiersOf()
    const { token, session_id } = await asAcme.guest()
    await session.verify(token)
    await asAcme.end({ session_id })
    let seenAfter = 0
    while ((await session.verify(token)).ok && seenAfter < 60 * second) {
      server.clock.advance(100)
      seenAfter += 100
      // what is renewed meanwhile arrives meanwhile
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(seenAfter).toBeLessThanOrEqual(30 * second)
  })

  test('and what began after a cut-off is good', async () => {
    const { session } = verifiersOf()
    await asAcme.end({ account: true })
    server.clock.advance(1)
    const { token } = await asAcme.guest()
    server.clock.advance(30 * second)
    expect(await session.verify(token)).toMatchObject({ ok: true })
  })

  test('a client key that is enabled again has its sessions back', async () => {
    const { session } = verifiersOf()
    const { token } = await asAcme.guest()
    const id = await asAcme.clientKeyId(acme.clientKey)
    await asAcme.post(`/v1/admin/client_keys/${id}`, { disabled: true })
    await asAcme.post(`/v1/admin/client_keys/${id}`, { disabled: false })
    server.clock.advance(30 * second)
    expect(await session.verify(token)).toMatchObject({ ok: true })
    expect(sizeOf(await feedOf())).toBe(0)
  })

  test("others' tokens stay good: of another session, visitor, user or client key", async () => {
    const { session } = verifiersOf()
    const others = [await asAcme.guest(), await asAcme.user('user_8'), await asAcme.guest(acme.guestOnly)]
    const ended = await asAcme.user('user_9')
    await asAcme.end({ session_id: (await asAcme.guest()).session_id })
    await asAcme.end({ visitor_id: ended.visitor_id })
    await asAcme.end({ user_id: 'user_9' })
    await asAcme.end({ client_key_id: await asAcme.clientKeyId(acme.userOnly) })
    await server.store.cutOff(
      rival.account,
      { scope: 'user', subject: 'user_8' },
      { notBefore: server.clock.now(), expiresAt: server.clock.now() + minute },
    )
    server.clock.advance(30 * second)
    for (const { token } of others) expect(await session.verify(token)).toMatchObject({ ok: true })
    expect(await session.verify(ended.token)).toMatchObject({ reason: 'revoked' })
  })

  test('a signing key that was taken away takes its tokens along, and the new one is known at once', async () => {
    const { bridge } = verifiersOf()
    const old = await asAcme.bridgeToken()
    expect((await bridge.verify(old)).ok).toBe(true)
    await asAcme.revokeKey(decodeProtectedHeader(old).kid ?? '')
    expect((await bridge.verify(await asAcme.bridgeToken())).ok).toBe(true)
    server.clock.advance(30 * second)
    expect(await bridge.verify(old)).toMatchObject({ ok: false, reason: 'unknown_key' })
  })
})

describe('by introspection', () => {
  test('a revocation is seen at once, and what cannot be asked about is refused', async () => {
    const fetch = fetchFrom(server)
    const { session, bridge } = verifiersOf({ fetch, revocation: { by: 'introspection', apiKey: hostKey } })
    const { token, session_id } = await asAcme.guest()
    expect(await session.verify(token)).toEqual({ ok: true, claims: decodeJwt(token) })
    expect(await bridge.verify(await asAcme.bridgeToken())).toMatchObject({ ok: true })
    await asAcme.end({ session_id })
    expect(await session.verify(token)).toMatchObject({ ok: false, reason: 'revoked' })
    const stranger = verifiersOf({ fetch, revocation: { by: 'introspection', apiKey: rival.key } }).session
    expect(await stranger.verify((await asAcme.guest()).token)).toMatchObject({ ok: false, reason: 'wrong_account' })
    const nobody = verifiersOf({ fetch, revocation: { by: 'introspection', apiKey: 'sk_test_nobody' } }).session
    expect(await nobody.verify((await asAcme.guest()).token)).toMatchObject({ ok: false, reason: 'unavailable' })
  })
})

describe('by expiry', () => {
  test('a revoked token is good to its end, and one request for the keys is all', async () => {
    let requests = 0
    const fetch: typeof globalThis.fetch = (...request) => {
      requests++
      return fetchFrom(server)(...request)
    }
    const { session } = verifiersOf({ fetch, revocation: { by: 'expiry' } })
    const { token } = await asAcme.guest()
    await asAcme.revoke(token)
    server.clock.advance(minute)
    expect(await session.verify(token)).toMatchObject({ ok: true })
    expect(requests).toBe(1)
  })
})

describe('a feed that is not to be believed', () => {
  /** The server's documents, the feed changed on the way. */
  const tampered = (change: (jws: string) => string | Promise<string>): typeof globalThis.fetch => {
    return async (input, init) => {
      const response = await fetchFrom(server)(input, init)
      return String(input).endsWith('/revocations') ? new Response(await change(await response.text())) : response
    }
  }
  const verdictWith = async (change: (jws: string) => string | Promise<string>) =>
    verifiersOf({ fetch: tampered(change) }).session.verify((await asAcme.guest()).token)

  test.each<[string, (jws: string) => string | Promise<string>]>([
    ['with a letter changed', (jws) => jws.replace(/.$/, (letter) => (letter === 'A' ? 'B' : 'A'))],
    ['without its signature', (jws) => jws.replace(/[^.]+$/, '')],
    ['that is a token', async () => (await asAcme.guest()).token],
    ['that is empty', () => ''],
    [
      'of another server',
      async () => {
        const other = await assembleServer({ clock: server.clock })
        const { text } = await other.call('/.well-known/revocations', { method: 'GET' })
        await other.stop()
        return text
      },
    ],
  ])('%s is not taken', async (_, change) => {
    expect(await verdictWith(change)).toMatchObject({ ok: false, reason: 'unavailable' })
  })

  test('an older one does not take the place of a newer', async () => {
    const old = (await server.call('/.well-known/revocations', { method: 'GET' })).text
    let isReplayed = false
    const { session } = verifiersOf({ fetch: tampered((jws) => (isReplayed ? old : jws)) })
    const { token, session_id } = await asAcme.guest()
    server.clock.advance(2 * second)
    await asAcme.end({ session_id })
    expect(await session.verify(token)).toMatchObject({ reason: 'revoked' })
    isReplayed = true
    server.clock.advance(minute)
    expect(await session.verify(token)).toMatchObject({ reason: 'revoked' })
  })
})

describe('GET /.well-known/revocations', () => {
  test('is small while nothing was revoked, and says what it is', async () => {
    const { text, status } = await server.call('/.well-known/revocations', { method: 'GET' })
    expect(status).toBe(200)
    expect(decodeProtectedHeader(text)).toEqual({
      alg: 'EdDSA',
      kid: server.keyRing.signingKey().kid,
      typ: 'revocations+jwt',
    })
    const now = Math.floor(server.clock.now() / 1000)
    expect(decodeJwt(text)).toEqual({
      iss: issuer,
      sub: `${issuer}/.well-known/revocations`,
      iat: now,
      exp: now + 600,
      ttl: 10,
      keys: [server.keyRing.signingKey().kid],
      revoked: { token: '', session: '', client_key: '' },
      cut_offs: { account: {}, client_key: {}, visitor: {}, user: {} },
    })
    expect(text.length).toBeLessThan(800)
  })

  test('names nobody: no id of an account, a session, a visitor, a user or a client key is in it', async () => {
    const { session_id, visitor_id } = await asAcme.user('user_secret')
    const client_key_id = await asAcme.clientKeyId(acme.clientKey)
    for (const what of [
      { session_id },
      { visitor_id },
      { user_id: 'user_secret' },
      { client_key_id },
      { account: true },
    ]) {
      await asAcme.end(what)
    }
    await asAcme.revoke(await asAcme.bridgeToken())
    server.clock.advance(2 * second)
    const feed = await feedOf()
    expect(sizeOf(feed)).toBe(6)
    const said = JSON.stringify(feed)
    for (const id of [session_id, visitor_id, 'user_secret', client_key_id, acme.account])
      expect(said).not.toContain(id)
  })

  test('a token that was spent is none of its business', async () => {
    await asAcme.user()
    server.clock.advance(2 * second)
    expect(sizeOf(await feedOf())).toBe(0)
  })

  test('lets go of everything whose tokens have expired', async () => {
    await asAcme.end({ session_id: (await asAcme.guest()).session_id })
    await asAcme.end({ user_id: 'user_1' })
    await asAcme.end({ account: true })
    const id = await asAcme.clientKeyId(acme.guestOnly)
    await asAcme.post(`/v1/admin/client_keys/${id}`, { disabled: true })
    await asAcme.revoke(await asAcme.bridgeToken())
    server.clock.advance(2 * second)
    expect(sizeOf(await feedOf())).toBe(5)
    server.clock.advance(17 * minute)
    const later = await feedOf()
    expect([later.revoked.session, later.revoked.client_key, later.cut_offs.user]).toEqual(['', '', {}])
    // a bridge token lives four hours, and only its own revocation and its account's cut-off end it
    expect(sizeOf(later)).toBe(2)
    server.clock.advance(4 * 60 * minute)
    expect(sizeOf(await feedOf())).toBe(0)
  })
})
