import { createVerifier, type VerifierOptions } from '@hallpass/client/verify'
import type { WidgetSession } from '@hallpass/contracts'
import { createRemoteJWKSet, decodeJwt, decodeProtectedHeader, jwtVerify } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { administer } from './support/fixtures/administer.js'
import { acme, rival } from './support/fixtures/fixture.js'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import { bodyOf, introspect, mintGuest, paths, refresh, revoke } from './support/fixtures/mint.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: fixtureWithHost })
const audience = 'https://api.acme.example'
const agent = { id: 'agent_1', display_name: 'Ada' }

interface ShownClientKey {
  readonly id: string
  readonly client_key: string
  readonly session_token?: { readonly audience: string; readonly typ: string }
}
let admin: ReturnType<typeof administer>
const createKey = async (session_token?: object | null) =>
  bodyOf<ShownClientKey>(
    await admin.post('client_keys', {
      agent,
      origin_allowlist: [acme.origin],
      session_token,
      rate_limit: { guest_per_minute: 0 },
    }),
  )
const createAs = (secret: string, audience: string) =>
  server.post('/v1/admin/client_keys', { agent, session_token: { audience } }, bearer(secret))

let accessTokenKey: string
beforeAll(async () => {
  admin = administer(server)
  accessTokenKey = (await createKey({ audience, typ: 'at+jwt' })).client_key
})
const guest = () => mintGuest(server, accessTokenKey)
const verifier = (options: Partial<VerifierOptions<'widget-session'>> = {}) =>
  createVerifier({
    issuer: server.url,
    kind: 'widget-session',
    account: acme.account,
    revocation: { by: 'expiry' },
    now: server.clock.now,
    ...options,
  })

describe('a client key with its own audience', () => {
  test.each([
    ['at+jwt', { client_id: expect.any(String) }],
    ['JWT', {}],
    ['widget-session+jwt', {}],
  ])('makes its session tokens out to it, as %s', async (typ, more) => {
    const key = await createKey({ audience, typ })
    const { token } = await mintGuest(server, key.client_key)
    expect(decodeProtectedHeader(token).typ).toBe(typ)
    expect(decodeJwt(token)).toMatchObject({ aud: audience, ...more })
    expect(decodeJwt(token).client_id).toBe(typ === 'at+jwt' ? key.id : undefined)
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', server.url))
    const expected = { issuer: server.url, audience, typ, currentDate: new Date(server.clock.now()) }
    expect((await jwtVerify(token, keys, expected)).payload.sub).toBe(decodeJwt(token).sub)
  })

  test('its tokens are introspected, refreshed and revoked like others', async () => {
    const { token, refresh_token } = await guest()
    expect(await introspect(server, token)).toMatchObject({ active: true, token_type: 'widget-session', aud: audience })
    const next = await bodyOf<WidgetSession>(await refresh(server, refresh_token))
    expect(decodeProtectedHeader(next.token).typ).toBe('at+jwt')
    expect(decodeJwt(next.token).aud).toBe(audience)
    await revoke(server, next.token)
    expect(await introspect(server, token)).toEqual({ active: false })
    expect((await refresh(server, next.refresh_token)).status).toBe(400)
  })

  test('its guest becomes a user and keeps the visitor_id', async () => {
    const session = await guest()
    const body = { client_key: accessTokenKey, user_id: 'user_7' }
    const { token } = await bodyOf<{ token: string }>(await server.postAsAcme(paths.userToken, body))
    const exchange = { token, session_token: session.token }
    const user = await bodyOf<WidgetSession>(await server.postFromShop(paths.exchange, exchange))
    expect(user.visitor_id).toBe(session.visitor_id)
    expect(decodeJwt(user.token)).toMatchObject({ aud: audience, auth_mode: 'user' })
  })

  test('tokens after a change of the setting have the new form, and earlier ones stay valid', async () => {
    const { id, client_key } = await createKey({ audience })
    const first = await mintGuest(server, client_key)
    const changed = { audience: 'https://other.acme.example', typ: 'JWT' }
    expect(
      (await bodyOf<ShownClientKey>(await admin.post(`client_keys/${id}`, { session_token: changed }))).session_token,
    ).toEqual(changed)
    expect(decodeJwt((await mintGuest(server, client_key)).token).aud).toBe(changed.audience)
    expect(await introspect(server, first.token)).toMatchObject({ active: true, aud: audience })
    await bodyOf(await admin.post(`client_keys/${id}`, { session_token: null }))
    const { token } = await mintGuest(server, client_key)
    expect(decodeProtectedHeader(token).typ).toBe('widget-session+jwt')
    expect(decodeJwt(token).aud).toBe('widget-session')
  })
})

describe('createVerifier with an audience', () => {
  test('accepts the tokens of its client key, and no others', async () => {
    const { token } = await guest()
    const other = await mintGuest(server, (await createKey({ audience: 'https://b.acme.example' })).client_key)
    const standard = await mintGuest(server)
    expect(await verifier({ audience }).verify(token)).toMatchObject({ ok: true })
    expect(await verifier({ audience }).verify(other.token)).toMatchObject({ reason: 'wrong_audience' })
    expect(await verifier({ audience }).verify(standard.token)).toMatchObject({ reason: 'wrong_audience' })
  })

  test('a verifier without one refuses them', async () => {
    const own = await mintGuest(server, (await createKey({ audience })).client_key)
    expect(await verifier().verify((await guest()).token)).toMatchObject({ reason: 'wrong_kind' })
    expect(await verifier().verify(own.token)).toMatchObject({ reason: 'wrong_audience' })
    expect(await verifier().verify((await mintGuest(server)).token)).toMatchObject({ ok: true })
  })

  test('a verifier of bridge tokens takes no session token, whatever its audience', async () => {
    const options = { issuer: server.url, kind: 'bridge', account: acme.account, revocation: { by: 'expiry' } } as const
    for (const aud of [undefined, audience, 'bridge']) {
      const verdict = await createVerifier({ ...options, audience: aud }).verify((await guest()).token)
      expect(verdict).toMatchObject({ reason: 'wrong_kind' })
    }
  })

  test.each([{ by: 'feed' } as const, { by: 'introspection', apiKey: acme.key } as const])(
    'notices a revocation ($by)',
    async (revocation) => {
      const { token } = await guest()
      const one = verifier({ audience, revocation })
      expect(await one.verify(token)).toMatchObject({ ok: true })
      await revoke(server, token)
      server.clock.advance(30_000)
      expect(await one.verify(token)).toMatchObject({ reason: 'revoked' })
    },
  )
})

describe('an audience', () => {
  test('belongs to one account: 422 for another, also when both ask at once', async () => {
    const contested = 'urn:contested'
    const answers = await Promise.all(
      [acme.key, rival.key, acme.key, rival.key].map((secret) => createAs(secret, contested)),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.toSorted()).toEqual([200, 200, 422, 422])
    expect(statuses[0]).toBe(statuses[2])
    const [winner, loser] = statuses[0] === 200 ? [acme.key, rival.key] : [rival.key, acme.key]
    expect(await (await createAs(loser, contested)).json()).toMatchObject({
      code: 'INVALID_STATUS',
      detail: 'This audience belongs to another account; choose another one.',
    })
    expect((await createAs(winner, contested)).status).toBe(200)
  })

  test('a refused change leaves the client key as it was', async () => {
    await createAs(rival.key, 'urn:rival')
    const { id, client_key } = await createKey({ audience })
    const patch = { name: 'renamed', session_token: { audience: 'urn:rival' } }
    expect((await admin.post(`client_keys/${id}`, patch)).status).toBe(422)
    expect(decodeJwt((await mintGuest(server, client_key)).token).aud).toBe(audience)
  })

  test.each([
    'widget-session',
    'bridge',
    'visitor',
    'embed-ticket',
    'card',
    'refresh',
    '',
    'two words',
    'a\nb',
    'x'.repeat(201),
  ])('422 for %j', async (refused) => {
    expect((await createAs(acme.key, refused)).status).toBe(422)
  })

  test('422 for a general type without one, and for another type', async () => {
    for (const session_token of [{ typ: 'JWT' }, { audience, typ: 'jwt' }, { audience, typ: 'bridge+jwt' }, {}]) {
      expect((await admin.post('client_keys', { agent, session_token })).status).toBe(422)
    }
  })
})
