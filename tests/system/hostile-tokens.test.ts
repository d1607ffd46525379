import { createPublicKey, randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { declaredKinds, pageKinds } from './support/fixtures/declared-kinds.js'
import { acme, rival } from './support/fixtures/fixture.js'
import type { Forge } from './support/fixtures/forge-token.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import {
  bodyOf,
  introspect,
  mintBridgeToken,
  mintCardToken,
  mintEmbedTicket,
  mintGuest,
  mintUserSession,
  mintUserToken,
  paths,
  revoke,
} from './support/fixtures/mint.js'
import { mutations } from './support/fixtures/token-mutations.js'
import { visible } from './support/http/expect-text.js'
import { bearer, startServer, type TestServer, testClock } from './support/servers/in-process-server.js'
import { readSigningKeys } from './support/servers/server-keys.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

const widgetOrigin = 'http://widgets.test'
const publicUrl = 'https://pass.example'
let server: TestServer
let elsewhere: TestServer
let forge: Omit<Forge, 'token' | 'other'>
let cleanUp: () => Promise<void>

const redeem = (kind: string) => (token: string) => server.post('/v1/tokens/redeem', { token, kind }, bearer(acme.key))

/** The endpoint that accepts each kind of token. */
const endpoints = {
  visitor: (token: string) => server.postFromShop(paths.exchange, { token }),
  'embed-ticket': (embed_ticket: string) =>
    server.post(paths.guest, { client_key: acme.clientKey, embed_ticket }, { Origin: widgetOrigin }),
  'widget-session': async (session_token: string) =>
    server.postFromShop(paths.exchange, { token: await mintUserToken(server), session_token }),
  // declared by the account
  'jwt-any': redeem('jwt-any'),
  'jwt-thrice': redeem('jwt-thrice'),
  'page-jwt': redeem('page-jwt'),
} as const
type Kind = keyof typeof endpoints
const kinds = ['visitor', 'embed-ticket', 'widget-session', 'jwt-any', 'jwt-thrice', 'page-jwt'] as const

const mint: Record<Kind, (from: TestServer) => Promise<string>> = {
  visitor: (from) => mintUserToken(from),
  'embed-ticket': mintEmbedTicket,
  'widget-session': async (from) => (await mintGuest(from)).token,
  'jwt-any': (from) => mintDeclared(from, 'jwt-any'),
  'jwt-thrice': (from) => mintDeclared(from, 'jwt-thrice'),
  'page-jwt': (from) => mintInPage(from),
}
const mintDeclared = async (from: TestServer, kind: string) =>
  (
    await bodyOf<{ token: string }>(
      await from.postAsAcme('/v1/tokens', { kind, subject: 'user_42', ttl_seconds: 3600 }),
    )
  ).token
async function mintInPage(from: TestServer): Promise<string> {
  const response = await from.postFromShop('/v1/tokens/page', { client_key: acme.clientKey, kind: 'page-jwt' })
  return (await bodyOf<{ token: string }>(response)).token
}
const refreshWith = (refresh_token: string) => server.postFromShop(paths.refresh, { refresh_token })

beforeAll(async () => {
  const folder = await temporaryFolder()
  const database = join(folder.path, 'hallpass.db')
  const masterKey = randomBytes(32)
  const clock = testClock()
  // the mutations are those of an Ed25519 token
  const config = { widgetOrigins: [widgetOrigin], publicUrl, signingAlg: 'EdDSA' as const }
  server = await startServer({
    clock,
    fixture: fixtureWithHost,
    config: { ...config, masterKey, databaseUrl: `file:${database}` },
  })
  elsewhere = await startServer({ clock, config })
  for (const to of [server, elsewhere])
    for (const kind of [...declaredKinds, ...pageKinds])
      expect((await to.trpc('admin.kinds.put', kind, bearer(acme.key))).status).toBe(200)
  const rotated = await server.post('/v1/admin/signing_keys/rotate', {}, bearer(hostKey))
  const { kid: otherKid } = await bodyOf<{ kid: string }>(rotated)
  const { active } = await readSigningKeys(database, masterKey, clock)
  const publicKey = createPublicKey(active.privateKey)
  forge = {
    ownKey: active.privateKey,
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid: active.kid },
    publicPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    otherKid,
    now: Math.floor(clock.now() / 1000),
  }
  cleanUp = async () => {
    await Promise.all([server.stop(), elsewhere.stop()])
    await folder.remove()
  }
})
afterAll(() => cleanUp())

/** How an endpoint responds to an invalid token. The response is the same each time, so one request is enough. */
const refusals = new Map<Kind | 'refresh', ReturnType<typeof visible>>()
async function refusalOf(kind: Kind | 'refresh') {
  const send = kind === 'refresh' ? refreshWith : endpoints[kind]
  const refusal = refusals.get(kind) ?? visible(await send('no token'))
  refusals.set(kind, refusal)
  return refusal
}

/**
 * Expects the endpoints of the token and of refresh to respond as to any invalid token, and introspection to return
 * inactive.
 */
async function worthless(kind: Kind, token: string): Promise<void> {
  const response = await endpoints[kind](token)
  // redeem says why it refuses a token of the account, and a text that is no token
  if (kind.includes('jwt') && response.status === 422) {
    expect((await response.json()).code).toMatch(/^(VALIDATION_FAILED|TOKEN_EXPIRED|TOKEN_REVOKED)$/)
  } else expect(await visible(response)).toEqual(await refusalOf(kind))
  expect(await visible(await refreshWith(token))).toEqual(await refusalOf('refresh'))
  expect(await introspect(server, token)).toEqual({ active: false })
}

describe('a token that was tampered with', () => {
  test('includes at least 40 mutations', () => {
    expect(Object.keys(mutations).length).toBeGreaterThanOrEqual(40)
  })

  describe.each(kinds)('%s', (kind) => {
    let token: string
    /** A second token, which the mutations only read. */
    let other: string
    beforeAll(async () => {
      token = await mint[kind](server)
      other = await mint[kind](server)
    })

    test.each(Object.keys(mutations))('is refused like any invalid token: %s', async (name) => {
      const hostile = mutations[name]?.({ ...forge, token, other }) ?? ''
      expect(hostile).not.toBe(token)
      await worthless(kind, hostile)
    })

    test('is accepted without a change, so the changes were the reason', async () => {
      expect((await endpoints[kind](token)).status).toBe(200)
    })
  })
})

describe('a valid token in the wrong place', () => {
  test.each(kinds)('another kind is not accepted as a %s token', async (kind) => {
    const user = await mintUserSession(server)
    const guest = await mintGuest(server)
    const others = {
      bridge: await mintBridgeToken(server),
      card: await mintCardToken(server),
      refresh: guest.refresh_token,
      'user session': user.token,
      visitor: await mintUserToken(server),
      'embed-ticket': await mintEmbedTicket(server),
      'widget-session': guest.token,
      'jwt-any': await mintDeclared(server, 'jwt-any'),
      'jwt-thrice': await mintDeclared(server, 'jwt-thrice'),
      'opaque-any': await mintDeclared(server, 'opaque-any'),
      'page-jwt': await mintInPage(server),
    }
    const bad = await refusalOf(kind)
    for (const [name, token] of Object.entries(others)) {
      if (name !== kind) expect(await visible(await endpoints[kind](token)), name).toEqual(bad)
    }
  })

  test('refresh accepts no other kind', async () => {
    const others = [await mintBridgeToken(server), await mintCardToken(server), await mintUserToken(server)]
    const sessions = [(await mintGuest(server)).token, await mintEmbedTicket(server)]
    const bad = await refusalOf('refresh')
    for (const token of [...others, ...sessions]) expect(await visible(await refreshWith(token))).toEqual(bad)
  })

  test.each(kinds)('a %s token of another server with the same name is refused', async (kind) => {
    await worthless(kind, await mint[kind](elsewhere))
  })

  test('a refresh token of another server is refused', async () => {
    const { refresh_token } = await mintGuest(elsewhere)
    expect(await visible(await refreshWith(refresh_token))).toEqual(await refusalOf('refresh'))
    expect(await introspect(server, refresh_token)).toEqual({ active: false })
  })

  test("another account's guest session and ticket are refused, and its tokens look unknown", async () => {
    const fromRival = { client_key: rival.clientKey }
    const guest = await bodyOf<{ token: string; refresh_token: string }>(
      await server.postFromShop(paths.guest, fromRival),
    )
    const { ticket } = await bodyOf<{ ticket: string }>(await server.postFromShop(paths.embedTicket, fromRival))
    const { token } = await bodyOf<{ token: string }>(
      await server.post(paths.userToken, { ...fromRival, user_id: 'u' }, bearer(rival.key)),
    )
    await worthless('widget-session', guest.token)
    await worthless('embed-ticket', ticket)
    for (const foreign of [token, guest.refresh_token]) {
      expect(await introspect(server, foreign)).toEqual({ active: false })
      expect((await revoke(server, foreign)).status).toBe(200)
    }
    expect((await endpoints.visitor(token)).status).toBe(200)
    expect((await refreshWith(guest.refresh_token)).status).toBe(200)
  })
})

describe('a refresh token that was tampered with', () => {
  // hprt_, the id of a data key, a dot, and the sealed part
  const sealedAt = (token: string) => token.indexOf('.') + 1
  const bytesOf = (token: string) => Buffer.from(token.slice(sealedAt(token)), 'base64url')
  const withBytes = (token: string, bytes: Buffer) => token.slice(0, sealedAt(token)) + bytes.toString('base64url')
  const flip = (token: string, at: number) => {
    const bytes = bytesOf(token)
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
    return withBytes(token, bytes)
  }
  const changes: Record<string, (token: string) => string> = {
    'nonce with one bit flipped': (token) => flip(token, 0),
    'text with one bit flipped': (token) => flip(token, 30),
    'tag with one bit flipped': (token) => flip(token, bytesOf(token).length - 1),
    'last byte missing': (token) => withBytes(token, bytesOf(token).subarray(0, -1)),
    'another data key': (token) => token.replace('hprt_1.', 'hprt_2.'),
    'the data key of old databases': (token) => token.replace('hprt_1.', 'hprt_0.'),
    'no data key': (token) => token.replace('hprt_1.', 'hprt_'),
    'a data key too large for a number': (token) => token.replace('hprt_1.', `hprt_${'9'.repeat(400)}.`),
    'without its prefix': (token) => token.slice(5),
    'prefix in upper case': (token) => token.replace('hprt_', 'HPRT_'),
    'prefix twice': (token) => `hprt_${token}`,
    'only the prefix': () => 'hprt_',
    zeroed: (token) => withBytes(token, Buffer.alloc(bytesOf(token).length)),
    padding: (token) => `${token}==`,
    'a space before': (token) => ` ${token}`,
    'a line break after': (token) => `${token}\n`,
    'NUL after': (token) => `${token}\u0000`,
    'the + and / alphabet': (token) =>
      `${token.slice(0, sealedAt(token))}${token.slice(sealedAt(token)).replaceAll('-', '+').replaceAll('_', '/')}=`,
    'too long': (token) => token + 'A'.repeat(30_000),
  }

  test.each(Object.entries(changes))('is refused like any invalid token, and ends nothing: %s', async (_, change) => {
    const { refresh_token } = await mintGuest(server)
    const bad = change(refresh_token)
    expect(await visible(await refreshWith(bad))).toEqual(await refusalOf('refresh'))
    expect(await introspect(server, bad)).toEqual({ active: false })
    expect((await refreshWith(refresh_token)).status).toBe(200)
  })
})
