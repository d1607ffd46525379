import { createPublicKey, randomBytes, verify } from 'node:crypto'
import { join } from 'node:path'
import { type JwtKind, jwtKinds, tokenAlgs } from '@hallpass/contracts'
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeProtectedHeader,
  type JWK,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mintBridgeToken, mintEmbedTicket, mintGuest, mintUserSession, mintUserToken } from './support/fixtures/mint.js'
import { startServer, type TestServer, testClock } from './support/servers/in-process-server.js'
import { temporaryFolder } from './support/servers/temporary-folder.js'

const kinds = Object.keys(jwtKinds) as JwtKind[]
const otherKinds = kinds.flatMap((kind) =>
  kinds.filter((other) => other !== kind).map((other) => [kind, other] as const),
)

const mintKinds = async (server: TestServer): Promise<Record<JwtKind, string>> => ({
  bridge: await mintBridgeToken(server),
  visitor: await mintUserToken(server, { traits: { plan: 'pro' } }),
  'widget-session': (await mintGuest(server)).token,
  'embed-ticket': await mintEmbedTicket(server),
})

/** A resource server that knows only the issuer's URL. */
async function resourceServer(issuer: string) {
  const metadata = await (await fetch(`${issuer}/.well-known/oauth-authorization-server`)).json()
  const keys = createRemoteJWKSet(new URL(metadata.jwks_uri))
  return (token: string, options: Pick<JWTVerifyOptions, 'audience' | 'typ'>) =>
    jwtVerify(token, keys, { issuer: metadata.issuer, requiredClaims: ['iat', 'exp', 'jti', 'sub'], ...options })
}

const jwks = async (server: TestServer): Promise<JWK[]> =>
  (await (await server.get('/.well-known/jwks.json')).json()).keys

describe.each(tokenAlgs)('a resource server that knows only the issuer, %s', (signingAlg) => {
  let server: TestServer
  let tokens: Record<JwtKind, string>
  let check: Awaited<ReturnType<typeof resourceServer>>
  beforeAll(async () => {
    server = await startServer({ config: { signingAlg } })
    tokens = await mintKinds(server)
    check = await resourceServer(server.url)
  })
  afterAll(() => server.stop())

  test.each(kinds)('accepts a %s token for its own audience and typ', async (kind) => {
    const { typ, ttlSeconds, claims } = jwtKinds[kind]
    const { payload, protectedHeader } = await check(tokens[kind], { audience: kind, typ })
    expect(protectedHeader).toEqual({ alg: signingAlg, kid: expect.any(String), typ })
    expect(claims.safeParse(payload).error).toBeUndefined()
    expect(Number(payload.exp) - Number(payload.iat)).toBe(ttlSeconds)
  })

  test('accepts the session of a user too', async () => {
    const { token } = await mintUserSession(server)
    const { payload } = await check(token, { audience: 'widget-session', typ: 'widget-session+jwt' })
    expect(payload).toMatchObject({ auth_mode: 'user', user: { id: 'user_42' } })
  })

  test.each(otherKinds)('rejects a %s token for the audience and typ of %s', async (kind, other) => {
    const wrongAudience = check(tokens[kind], { audience: other, typ: jwtKinds[kind].typ })
    await expect(wrongAudience).rejects.toMatchObject({ code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'aud' })
    const wrongType = check(tokens[kind], { audience: kind, typ: jwtKinds[other].typ })
    await expect(wrongType).rejects.toMatchObject({ code: 'ERR_JWT_CLAIM_VALIDATION_FAILED', claim: 'typ' })
  })

  test.each(kinds)('rejects a %s token with one changed claim', async (kind) => {
    const [header, payload = '', signature] = tokens[kind].split('.')
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString())
    const changed = Buffer.from(JSON.stringify({ ...claims, sub: 'someone else' })).toString('base64url')
    const forged = check([header, changed, signature].join('.'), { audience: kind, typ: jwtKinds[kind].typ })
    await expect(forged).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' })
  })

  test.each(kinds)('node:crypto alone verifies the signature of a %s token', async (kind) => {
    const [header = '', payload = '', signature = ''] = tokens[kind].split('.')
    const { kid } = decodeProtectedHeader(tokens[kind])
    const jwk = (await jwks(server)).find((key) => key.kid === kid)
    if (!jwk) expect.fail('the signing key is not published')
    const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
    const input = Buffer.from(`${header}.${payload}`)
    const bytes = Buffer.from(signature, 'base64url')
    const [digest, options] =
      signingAlg === 'EdDSA' ? [null, key] : ['sha256', { key, dsaEncoding: 'ieee-p1363' as const }]
    expect(verify(digest, input, options, bytes)).toBe(true)
    expect(verify(digest, Buffer.concat([input, Buffer.from('x')]), options, bytes)).toBe(false)
  })

  test('GET /.well-known/jwks.json has only public keys, cacheable for five minutes', async () => {
    const response = await server.get('/.well-known/jwks.json')
    expect(response.status).toBe(200)
    expect(response.headers.get('cache-control')).toBe('public, max-age=300')
    const keys = await jwks(server)
    const shapes = { ES256: { kty: 'EC', crv: 'P-256' }, EdDSA: { kty: 'OKP', crv: 'Ed25519' }, RS256: { kty: 'RSA' } }
    expect(keys).toContainEqual(expect.objectContaining({ ...shapes[signingAlg], alg: signingAlg, use: 'sig' }))
    expect(new Set(keys.map(({ kid }) => kid)).size).toBe(keys.length)
    for (const key of keys) expect(key).not.toHaveProperty('d')
  })

  test("rejects another server's tokens", async () => {
    const other = await startServer({ config: { signingAlg } })
    try {
      const options = { audience: 'bridge', typ: 'bridge+jwt' }
      await expect(check(await mintBridgeToken(other), options)).rejects.toMatchObject({
        code: 'ERR_JWKS_NO_MATCHING_KEY',
      })
    } finally {
      await other.stop()
    }
  })
})

describe('GET /.well-known/jwks.json after a change of HALLPASS_SIGNING_ALG', () => {
  test('publishes the new key before it signs, and keeps the old one for existing tokens', async () => {
    const folder = await temporaryFolder()
    const clock = testClock()
    const publicUrl = 'https://pass.example'
    const config = { databaseUrl: `file:${join(folder.path, 'x.db')}`, masterKey: randomBytes(32), publicUrl }
    const before = await startServer({ clock, config: { ...config, signingAlg: 'EdDSA' } })
    const old = await mintBridgeToken(before)
    await before.stop()
    const after = await startServer({ clock, config: { ...config, signingAlg: 'ES256' } })
    try {
      const published = await jwks(after)
      expect(published.map(({ alg }) => alg).sort()).toEqual(['ES256', 'EdDSA'])
      // a cache can keep the key set for its five minutes
      clock.advance(300_000)
      expect(decodeProtectedHeader(await mintBridgeToken(after)).alg).toBe('EdDSA')
      clock.advance(3_600_000)
      const tokens = [old, await mintBridgeToken(after)]
      expect(tokens.map((token) => decodeProtectedHeader(token).alg)).toEqual(['EdDSA', 'ES256'])
      const keys = createLocalJWKSet({ keys: published })
      for (const token of tokens) {
        await jwtVerify(token, keys, { issuer: publicUrl, audience: 'bridge', typ: 'bridge+jwt' })
      }
    } finally {
      await after.stop()
      await folder.remove()
    }
  })
})
