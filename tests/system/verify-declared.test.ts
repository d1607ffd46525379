import { createPublicKey, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createHallpassClient } from '@hallpass/client'
import { createGuard, createVerifier, type DeclaredVerifierOptions } from '@hallpass/client/verify'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import { type Forge, signedHeader, withClaims, withoutClaim } from './support/fixtures/forge-token.js'
import { fixtureWithHost, hostKey } from './support/fixtures/host-key.js'
import { bodyOf, mintBridgeToken } from './support/fixtures/mint.js'
import { mutations } from './support/fixtures/token-mutations.js'
import { bearer, startServer, type TestServer, testClock } from './support/servers/in-process-server.js'
import { readSigningKeys } from './support/servers/server-keys.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

const issuer = 'https://pass.example'
const example = new URL('../../examples/kinds/report-embed.json', import.meta.url)
const declaration = { ...JSON.parse(readFileSync(example, 'utf8')), minted_by: ['secret_key'] }
const kind = 'report-embed'
const mintInput = {
  kind,
  subject: 'user_42',
  resource: 'report_7',
  claims: { rows: ['eu'] },
  ttl_seconds: 3600,
} as const

let server: TestServer
let forge: Omit<Forge, 'token' | 'other'>
let cleanUp: () => Promise<void>
beforeAll(async () => {
  const folder = await temporaryFolder()
  const databaseUrl = `file:${join(folder.path, 'hallpass.db')}`
  const masterKey = randomBytes(32)
  const clock = testClock()
  // the mutations are those of an Ed25519 token
  const config = { publicUrl: issuer, signingAlg: 'EdDSA' as const, masterKey, databaseUrl }
  server = await startServer({ clock, fixture: fixtureWithHost, config })
  const rotated = await server.post('/v1/admin/signing_keys/rotate', {}, bearer(hostKey))
  const { kid: otherKid } = await bodyOf<{ kid: string }>(rotated)
  const { active } = await readSigningKeys(databaseUrl.slice('file:'.length), masterKey, clock)
  const publicKey = createPublicKey(active.privateKey)
  forge = {
    ownKey: active.privateKey,
    publicJwk: { ...publicKey.export({ format: 'jwk' }), kid: active.kid },
    publicPem: publicKey.export({ format: 'pem', type: 'spki' }).toString(),
    otherKid,
    now: Math.floor(clock.now() / 1000),
  }
  for (const one of [declaration, counted]) {
    expect((await server.trpc('admin.kinds.put', one, bearer(hostKey))).status).toBe(200)
  }
  cleanUp = async () => {
    await server.stop()
    await folder.remove()
  }
})
afterAll(() => cleanUp())

const counted = { ...declaration, name: 'report-once', uses: 1, audience: undefined, typ: undefined }

const client = (apiKey: string = hostKey) => createHallpassClient({ baseUrl: server.url, apiKey })
const mint = async (more: object = {}) => (await client().kinds.mint({ ...mintInput, ...more })).token

const verifierOf = (options: Partial<DeclaredVerifierOptions<typeof kind>> = {}) =>
  createVerifier({
    ...{ issuer, kind, schema: declaration, account: acme.account, baseUrl: server.url, now: server.clock.now },
    ...options,
  })
const reasonOf = async (token: string, options?: Partial<DeclaredVerifierOptions<typeof kind>>) => {
  const verdict = await verifierOf(options).verify(token)
  return verdict.ok ? 'ok' : verdict.reason
}

const byExpiry = { by: 'expiry' } as const

/** What only a token of a declared kind can lie about, signed with the server's own key. */
const declaredMutations: typeof mutations = {
  ...Object.fromEntries(
    ['kind', 'kind_revision', 'actions', 'api_key_id', 'resource', 'claims'].map((name) => [
      `no ${name}`,
      withoutClaim(name),
    ]),
  ),
  'kind of another declaration': withClaims(() => ({ kind: 'report-once' })),
  'an action that the kind does not have': withClaims(() => ({ actions: ['view', 'delete'] })),
  'actions a text': withClaims(() => ({ actions: 'view' })),
  'resource a number': withClaims(() => ({ resource: 7 })),
  'claims that the schema forbids': withClaims(() => ({ claims: { rows: ['eu'], admin: true } })),
  'claims of another type': withClaims(() => ({ claims: { rows: 'eu' } })),
  'claims a list': withClaims(() => ({ claims: ['eu'] })),
  'a claim of the kind beside the claims': withClaims(() => ({ rows: ['eu'] })),
  'uses, which only Hallpass counts': withClaims(() => ({ uses: 1 })),
  'typ of the kind’s name': signedHeader({ typ: 'report-embed+jwt' }),
  'typ JWT': signedHeader({ typ: 'JWT' }),
}

describe('a token of a declared kind that was tampered with', () => {
  const all = { ...mutations, ...declaredMutations }
  let [token, other] = ['', '']
  let verifier: ReturnType<typeof verifierOf>
  beforeAll(async () => {
    token = await mint()
    other = await mint({ subject: 'user_43' })
    verifier = verifierOf({ revocation: byExpiry })
  })

  test.each(Object.keys(all))('is rejected: %s', async (name) => {
    const hostile = all[name]?.({ ...forge, token, other }) ?? ''
    expect(hostile).not.toBe(token)
    const verdict = await verifier.verify(hostile)
    expect(!verdict.ok && verdict.reason).toMatch(
      /^(missing|malformed|wrong_|unknown_key|bad_|not_yet_valid|expired|unspent)/,
    )
    // the original token is still valid, so the change was the reason
    expect((await verifier.verify(token)).ok).toBe(true)
  })
})

describe('a verifier of a declared kind', () => {
  test('returns the claims of a token that a server minted', async () => {
    const token = await mint()
    expect(await verifierOf().verify(token)).toEqual({ ok: true, claims: decodeJwt(token) })
    expect(decodeJwt(token)).toMatchObject({ kind, resource: 'report_7', claims: { rows: ['eu'] } })
  })

  test('checks the action and the resource that a request needs', async () => {
    const token = await mint({ actions: ['view'] })
    const { verify } = verifierOf()
    expect(await verify(token, { action: 'view', resource: 'report_7' })).toMatchObject({ ok: true })
    expect(await verify(token, { action: 'export' })).toMatchObject({ reason: 'action_not_allowed' })
    expect(await verify(token, { resource: 'report_8' })).toMatchObject({ reason: 'wrong_resource' })
  })

  test('a guard responds with 403 to a token without the action', async () => {
    const get = async (action: 'view' | 'export') => {
      const headers = { Authorization: `Bearer ${await mint({ actions: ['view'] })}` }
      const answer = await createGuard(verifierOf(), { action }).request(new Request(issuer, { headers }))
      return answer.ok ? answer.claims.sub : [answer.response.status, await answer.response.json()]
    }
    expect(await get('view')).toBe('user_42')
    expect(await get('export')).toEqual([
      403,
      { error: 'insufficient_scope', error_description: 'The token does not permit this request.' },
    ])
  })

  test('rejects tokens of another account, another kind and other declarations', async () => {
    const token = await mint()
    expect(await reasonOf(token, { account: rival.account })).toBe('wrong_account')
    expect(await reasonOf(await mintBridgeToken(server))).toBe('wrong_kind')
    expect(await reasonOf(token, { schema: { ...declaration, typ: undefined } })).toBe('wrong_kind')
    expect(await reasonOf(token, { schema: { ...declaration, audience: 'https://other.example' } })).toBe(
      'wrong_audience',
    )
    const schemas = [
      { ...declaration, actions: ['view'] },
      { ...declaration, resource: 'none' },
      { ...declaration, claims: null },
      { ...declaration, ttl_seconds: { default: 60, max: 3599 } },
    ]
    for (const schema of schemas) expect(await reasonOf(token, { schema })).toBe('bad_claims')
  })

  test('rejects a token that has uses, unless its uses are counted elsewhere', async () => {
    const token = await mint({ kind: counted.name })
    const options = { kind: counted.name, schema: counted } as Partial<DeclaredVerifierOptions<typeof kind>>
    expect(await reasonOf(token, options)).toBe('unspent')
    expect(await reasonOf(token, { ...options, allowUnspent: true })).toBe('ok')
  })

  test('rejects an expired token', async () => {
    const token = await mint({ ttl_seconds: 10 })
    const at = (seconds: number) => ({ now: () => server.clock.now() + seconds * 1000, revocation: byExpiry })
    expect(await reasonOf(token, at(9))).toBe('ok')
    expect(await reasonOf(token, at(10))).toBe('expired')
  })

  test('rejects tokens that a revoked secret key minted, by the feed and by introspection', async () => {
    const created = await server.post('/v1/admin/api_keys', { scopes: ['kinds:mint'] }, bearer(hostKey))
    const key = await bodyOf<{ id: string; secret: string }>(created)
    const { token } = await client(key.secret).kinds.mint(mintInput)
    const byIntrospection = { by: 'introspection', apiKey: hostKey } as const
    expect([await reasonOf(token), await reasonOf(token, { revocation: byIntrospection })]).toEqual(['ok', 'ok'])
    await client().admin.sessions.revoke({ api_key_id: key.id })
    server.clock.advance(2000)
    expect(await reasonOf(token)).toBe('revoked')
    expect(await reasonOf(token, { revocation: byIntrospection })).toBe('revoked')
  })

  test.each<[string, (token: string) => Promise<unknown>]>([
    ['the token', (token) => client().tokens.revoke({ token })],
    ['its subject', () => client().admin.sessions.revoke({ subject: 'user_42' })],
    ['its resource', () => client().admin.sessions.revoke({ resource: 'report_7' })],
    ['its kind', () => client().admin.sessions.revoke({ kind })],
  ])('rejects a token after %s was revoked, by the feed', async (_, revoke) => {
    const token = await mint()
    const other = await mint({ kind: counted.name, subject: 'user_43', resource: 'report_8' })
    const options = { kind: counted.name, schema: counted, allowUnspent: true } as Partial<
      DeclaredVerifierOptions<typeof kind>
    >
    expect([await reasonOf(token), await reasonOf(other, options)]).toEqual(['ok', 'ok'])
    await revoke(token)
    server.clock.advance(2000)
    expect([await reasonOf(token), await reasonOf(other, options)]).toEqual(['revoked', 'ok'])
  })

  test.each<[string, unknown]>([
    ['no declaration', {}],
    ['of another kind', { ...declaration, name: 'other' }],
    ['of opaque tokens', { ...declaration, form: 'opaque' }],
    ['with a keyword that would be ignored', { ...declaration, claims: { type: 'object', pattern: 'a' } }],
  ])('is not created with a schema that is %s', (_, schema) => {
    expect(() => verifierOf({ schema })).toThrow(TypeError)
  })
})
