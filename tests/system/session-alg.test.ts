import { createVerifier, type VerifierOptions } from '@hallpass/client/verify'
import { Fixture } from '@hallpass/contracts'
import { createRemoteJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { administer } from './support/fixtures/administer.js'
import { acme } from './support/fixtures/fixture.js'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import { bodyOf, introspect, mintGuest } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

const agent = { id: 'agent_1', display_name: 'Ada' }
const fromFixture = 'pk_test_rsa'
const server = withServer({ fixture: withClientKey(), config: { signingAlg: 'EdDSA' } })
const minute = 60_000

function withClientKey(): Fixture {
  const more = { name: 'rsa', client_key: fromFixture, agent, origin_allowlist: [acme.origin] }
  const accounts = fixtureWithHost.accounts.map((account) =>
    account.id === acme.account
      ? { ...account, client_keys: [...account.client_keys, { ...more, session_token: { alg: 'RS256' } }] }
      : account,
  )
  return Fixture.parse({ ...fixtureWithHost, accounts })
}

interface ShownClientKey {
  readonly id: string
  readonly client_key: string
  readonly session_token?: object
}
let admin: ReturnType<typeof administer>
beforeAll(() => {
  admin = administer(server)
})
const create = async (session_token?: object) =>
  bodyOf<ShownClientKey>(
    await admin.post('client_keys', {
      ...{ agent, session_token },
      origin_allowlist: [acme.origin],
      rate_limit: { guest_per_minute: 0 },
    }),
  )
const algOf = async (clientKey: string) =>
  decodeProtectedHeader((await mintGuest(server, clientKey)).token).alg as string
const published = async () => {
  const { keys } = await bodyOf<{ keys: { alg: string }[] }>(await server.get('/.well-known/jwks.json'))
  return keys.map(({ alg }) => alg)
}
const supported = async () =>
  (
    await bodyOf<{ id_token_signing_alg_values_supported: string[] }>(
      await server.get('/.well-known/openid-configuration'),
    )
  ).id_token_signing_alg_values_supported
const verifier = (options: Partial<VerifierOptions<'widget-session'>> = {}) =>
  createVerifier({
    ...{ issuer: server.url, kind: 'widget-session', account: acme.account, now: server.clock.now },
    ...{ revocation: { by: 'expiry' }, ...options },
  })

describe('a client key with its own algorithm', () => {
  test('that a fixture brought signs with it from the start, and others as before', async () => {
    expect(await algOf(fromFixture)).toBe('RS256')
    expect(await algOf(acme.clientKey)).toBe('EdDSA')
    expect((await published()).toSorted()).toEqual(['EdDSA', 'RS256'])
    expect((await supported()).toSorted()).toEqual(['EdDSA', 'RS256'])
  })

  test('that is new signs with it at once, in a token that a verifier with this algorithm takes', async () => {
    const session_token = { audience: 'https://alg.acme.example', typ: 'JWT', alg: 'ES256' }
    const key = await create(session_token)
    expect(key.session_token).toEqual(session_token)
    const { token } = await mintGuest(server, key.client_key)
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'ES256', typ: 'JWT' })
    const keys = createRemoteJWKSet(new URL('/.well-known/jwks.json', server.url))
    const expected = { ...{ issuer: server.url, audience: session_token.audience, algorithms: ['ES256'] } }
    await jwtVerify(token, keys, { ...expected, currentDate: new Date(server.clock.now()) })
    expect(await introspect(server, token)).toMatchObject({ active: true })
    expect((await supported()).toSorted()).toEqual(['ES256', 'EdDSA', 'RS256'])
  })

  test('that had another one keeps it for 15 minutes if the key of the new one must be announced', async () => {
    // an algorithm that no client key had before
    const { id, client_key } = await create({ alg: 'RS256' })
    await bodyOf(await admin.post(`client_keys/${id}`, { session_token: { alg: 'EdDSA' } }))
    const own = (await bodyOf<{ data: { alg: string; state: string }[] }>(await admin.get('signing_keys'))).data
    expect(own.filter(({ alg }) => alg === 'EdDSA').map(({ state }) => state)).toEqual(['announced', 'active'])
    expect((await published()).filter((alg) => alg === 'EdDSA')).toHaveLength(2)
    server.clock.advance(15 * minute)
    const { token } = await mintGuest(server, client_key)
    expect(decodeProtectedHeader(token).alg).toBe('EdDSA')
    expect(decodeProtectedHeader(token).kid).not.toBe(decodeProtectedHeader((await mintGuest(server)).token).kid)
  })

  test('keeps its other settings, and loses the algorithm with null', async () => {
    const { id, client_key } = await create({ alg: 'RS256' })
    const changed = await bodyOf<ShownClientKey>(await admin.post(`client_keys/${id}`, { name: 'renamed' }))
    expect(changed.session_token).toEqual({ typ: 'widget-session+jwt', alg: 'RS256' })
    expect(await algOf(client_key)).toBe('RS256')
    await bodyOf(await admin.post(`client_keys/${id}`, { session_token: null }))
    expect(await algOf(client_key)).toBe('EdDSA')
  })

  test('422 for an unknown algorithm, and for a general type without an audience', async () => {
    for (const alg of ['HS256', 'none', 'RS512', 'es256', '', null]) {
      expect((await admin.post('client_keys', { agent, session_token: { alg } })).status).toBe(422)
    }
    for (const typ of ['JWT', 'at+jwt']) {
      expect((await admin.post('client_keys', { agent, session_token: { alg: 'ES256', typ } })).status).toBe(422)
    }
  })
})

describe('createVerifier with algorithms', () => {
  test('accepts only tokens with one of them', async () => {
    const [rsa, own] = [(await mintGuest(server, fromFixture)).token, (await mintGuest(server)).token]
    expect(await verifier({ algorithms: ['RS256'] }).verify(rsa)).toMatchObject({ ok: true })
    expect(await verifier({ algorithms: ['RS256'] }).verify(own)).toMatchObject({ reason: 'wrong_algorithm' })
    expect(await verifier({ algorithms: ['ES256', 'EdDSA'] }).verify(own)).toMatchObject({ ok: true })
    expect(await verifier({ algorithms: ['ES256', 'EdDSA'] }).verify(rsa)).toMatchObject({ reason: 'wrong_algorithm' })
    expect(await verifier({ algorithms: [] }).verify(rsa)).toMatchObject({ reason: 'wrong_algorithm' })
    for (const token of [rsa, own]) expect(await verifier().verify(token)).toMatchObject({ ok: true })
  })
})
