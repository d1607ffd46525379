import { randomUUID } from 'node:crypto'
import type { WidgetSession } from '@hallpass/contracts'
import { decodeJwt } from 'jose'
import { describe, expect, test } from 'vitest'
import { administer } from './support/fixtures/administer.js'
import { acme, rival } from './support/fixtures/fixture.js'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import { bodyOf, introspect, mintGuest, mintUserToken, paths, refresh } from './support/fixtures/mint.js'
import { audience, settingsOf, trust, withIdentityProviders } from './support/fixtures/subject-tokens.js'
import { bearer } from './support/servers/in-process-server.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: fixtureWithHost, config: { localIssuers: true, profile: 'sandbox' } })
const { world, nowSeconds, exchange, grant, sign, statusOf, create } = withIdentityProviders(server)
const second = 1000

describe('a token of an identity provider', () => {
  test('becomes a session of its user, which refreshes like any other', async () => {
    const token = await sign({ name: 'Ada Lovelace', email: 'ada@example.com', plan: 'pro', secret: 'x' })
    const session = await bodyOf<WidgetSession>(await exchange(token))
    const user = { id: `${world().provider.issuer}|user-1`, display_name: 'Ada Lovelace', email: 'ada@example.com' }
    expect(session).toMatchObject({ auth_mode: 'user', user, agent_id: 'agent_1' })
    expect(decodeJwt(session.token)).toMatchObject({ user, traits: { plan: 'pro' }, origin: acme.origin })
    expect(await introspect(server, session.token)).toMatchObject({ active: true })
    const next = await bodyOf<WidgetSession>(await refresh(server, session.refresh_token))
    expect(next).toMatchObject({ session_id: session.session_id, user })
  })

  test('is not counted as a visitor token that was spent or refused', async () => {
    await bodyOf(await exchange(await sign()))
    expect((await exchange(await sign({ aud: 'another' }))).status).toBe(400)
    const metrics = await (await server.get('/metrics')).text()
    expect(metrics).toMatch(/hallpass_calls_total\{operation="visitor.exchange",transport="rest",status="400"/)
    for (const event of ['spent', 'refused']) expect(metrics).not.toContain(`event="${event}",kind="visitor"`)
  })

  test('is exchanged at the token endpoint too (RFC 8693)', async () => {
    const response = await grant(await sign())
    expect(response.headers.get('access-control-allow-origin')).toBe(acme.origin)
    expect(await bodyOf(response)).toMatchObject({
      ...{ issued_token_type: 'urn:ietf:params:oauth:token-type:access_token', token_type: 'Bearer' },
      ...{ access_token: expect.any(String), refresh_token: expect.any(String), expires_in: 900 },
    })
  })

  test('promotes a guest, who keeps the visitor_id, with either endpoint', async () => {
    const guests = [await mintGuest(server, world().clientKey), await mintGuest(server, world().clientKey)] as const
    const body = await bodyOf<WidgetSession>(await exchange(await sign(), { session_token: guests[0].token }))
    expect(body.visitor_id).toBe(guests[0].visitor_id)
    const actor = { actor_token: guests[1].token, actor_token_type: 'urn:ietf:params:oauth:token-type:jwt' }
    expect(await bodyOf(await grant(await sign(), actor))).toMatchObject({ visitor_id: guests[1].visitor_id })
    for (const { token } of guests) expect(await introspect(server, token)).toEqual({ active: false })
  })

  test('names the same visitor again, and another one for each issuer and for the backend', async () => {
    const visitorOf = async (token: string) => (await bodyOf<WidgetSession>(await exchange(token))).visitor_id
    const first = await visitorOf(await sign())
    expect(await visitorOf(await sign())).toBe(first)
    expect(await visitorOf(await sign({}, world().otherProvider))).not.toBe(first)
    const backends = await mintUserToken(server, { client_key: world().clientKey, user_id: 'user-1' })
    const own = await bodyOf<WidgetSession>(await server.postFromShop(paths.exchange, { token: backends }))
    expect(own.visitor_id).not.toBe(first)
    expect(own.user?.id).toBe('user-1')
  })

  test.each(['with a jti', 'without a jti'])('%s works once: of 200 calls at once, one gets a session', async (how) => {
    const token = await sign(how === 'with a jti' ? {} : { jti: undefined })
    const calls = Array.from({ length: 200 }, (_, i) => (i % 2 ? grant(token) : exchange(token)))
    const statuses = (await Promise.all(calls)).map(({ status }) => status)
    expect(statuses.filter((status) => status === 200)).toHaveLength(1)
    expect(statuses.filter((status) => status === 400)).toHaveLength(199)
  })

  test('without a jti is not accepted again with the second form of its ECDSA signature', async () => {
    const token = await sign({ jti: undefined, sub: 'user-twice' })
    const copy = withOtherSignature(token)
    expect(copy).not.toBe(token)
    expect(await statusOf(token)).toBe(200)
    expect(await statusOf(copy)).toBe(400)
    // alone, it is as valid as the first one
    expect(await statusOf(withOtherSignature(await sign({ jti: undefined, sub: 'user-other' })))).toBe(200)
  })

  test('is refused if another one with its jti was used, but not another issuer with the same jti', async () => {
    const jti = randomUUID()
    expect(await statusOf(await sign({ jti }))).toBe(200)
    expect(await statusOf(await sign({ jti, sub: 'user-2' }))).toBe(400)
    expect(await statusOf(await sign({ jti }, world().otherProvider))).toBe(200)
  })

  test('from a backend that signs itself works with keys in the setting, without a request', async () => {
    const before = world().provider.fetches()
    const inline = { jwks_uri: undefined, jwks: { keys: world().provider.keys() } }
    const client_key = await create([trust(world().provider, inline)])
    expect(await statusOf(await sign(), { client_key })).toBe(200)
    expect(world().provider.fetches()).toBe(before)
  })

  test('ends with "sign out everywhere" of its user: the session, and earlier unused tokens', async () => {
    const [used, unused] = [await sign({ sub: 'user-9' }), await sign({ sub: 'user-9' })]
    const session = await bodyOf<WidgetSession>(await exchange(used))
    server.clock.advance(2 * second)
    await bodyOf(await administer(server).post('sessions/revoke', { user_id: `${world().provider.issuer}|user-9` }))
    expect(await introspect(server, session.token)).toEqual({ active: false })
    expect(await statusOf(unused)).toBe(400)
    server.clock.advance(2 * second)
    expect(await statusOf(await sign({ sub: 'user-9' }))).toBe(200)
  })
})

test('a token is accepted within the tolerance for clocks, and a larger max_age', async () => {
  expect(await statusOf(await sign({ iat: nowSeconds() + 55 }))).toBe(200)
  expect(await statusOf(await sign({ iat: nowSeconds() - 100, exp: nowSeconds() - 55 }))).toBe(200)
  const client_key = await create([trust(world().provider, { max_age: 3600 })])
  expect(await statusOf(await sign({ iat: nowSeconds() - 3000 }), { client_key })).toBe(200)
})

test('the subject can be another claim, and an audience one of several', async () => {
  const client_key = await create([trust(world().provider, { subject_claim: 'email' })])
  const token = await sign({ email: 'ada@example.com', aud: ['other', audience] })
  const session = await bodyOf<WidgetSession>(await exchange(token, { client_key }))
  expect(session.user?.id).toBe(`${world().provider.issuer}|ada@example.com`)
})

describe('the call', () => {
  test('403 for another Origin, a client key of guests only, and 400 for one that trusts no issuer', async () => {
    const token = await sign()
    expect((await grant(token, {}, 'https://attacker.example')).status).toBe(403)
    expect((await exchange(token, {}, { Origin: 'https://attacker.example' })).status).toBe(403)
    expect(await statusOf(token, { client_key: 'pk_test_unknown' })).toBe(403)
    const guests = await create([trust(world().provider)], { auth_mode: 'guest' })
    expect(await statusOf(token, { client_key: guests })).toBe(403)
    expect(await statusOf(token, { client_key: acme.clientKey })).toBe(400)
    const withoutOrigin = { client_key: world().clientKey, subject_token: token }
    expect((await server.post(paths.exchange, withoutOrigin)).status).toBe(403)
    expect(await statusOf(token)).toBe(200)
  })

  test('of the token endpoint gets the errors of OAuth', async () => {
    const errorOf = async (response: Response) => ((await response.json()) as { error: string }).error
    const token = await sign()
    expect(await errorOf(await grant(token, { grant_type: 'authorization_code' }))).toBe('unsupported_grant_type')
    expect(await errorOf(await grant(token, { subject_token_type: 'urn:x' }))).toBe('invalid_request')
    expect(await errorOf(await grant(token, { actor_token: 'x' }))).toBe('invalid_request')
    expect(await errorOf(await grant('x'))).toBe('invalid_request')
    expect(await errorOf(await grant(token, {}, 'https://attacker.example'))).toBe('unauthorized_client')
    expect((await grant(token, { scope: 'unknown fields are ignored' })).status).toBe(200)
  })

  test('of visitor.exchange needs a client_key, and takes no visitor token besides', async () => {
    const subject_token = await sign()
    expect((await server.postFromShop(paths.exchange, { subject_token })).status).toBe(400)
    const token = await mintUserToken(server, { client_key: world().clientKey })
    expect(await statusOf(subject_token, { token })).toBe(422)
    expect(await statusOf(subject_token)).toBe(200)
  })

  test('of another account with the same issuer is its own: each spends the token once', async () => {
    const response = await server.post(
      '/v1/admin/client_keys',
      settingsOf([trust(world().provider)]),
      bearer(rival.key),
    )
    const { client_key } = await bodyOf<{ client_key: string }>(response)
    const token = await sign()
    const [own, others] = [await exchange(token), await exchange(token, { client_key })]
    const sessions = [await bodyOf<WidgetSession>(own), await bodyOf<WidgetSession>(others)]
    expect(new Set(sessions.map(({ visitor_id }) => visitor_id)).size).toBe(2)
    expect(await statusOf(token, { client_key })).toBe(400)
  })
})

/** Of a signature (r, s) on P-256, (r, n - s) is valid too. */
function withOtherSignature(token: string): string {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const at = token.lastIndexOf('.') + 1
  const signature = Buffer.from(token.slice(at), 'base64url')
  const s = order - BigInt(`0x${signature.subarray(32).toString('hex')}`)
  const other = Buffer.concat([signature.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')])
  return token.slice(0, at) + other.toString('base64url')
}
