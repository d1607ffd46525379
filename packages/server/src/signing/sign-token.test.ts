import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto'
import { jsonObject, jwtKinds, parseToken, type TokenAlg } from '@hallpass/contracts'
import fc from 'fast-check'
import { decodeProtectedHeader, jwtVerify, SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { keyPair } from '../testing/key-pair.js'
import { compactJws, signToken } from './sign-token.js'

/** The example key of RFC 8037, appendix A.1. */
const rfc8037 = createPrivateKey({
  format: 'jwk',
  key: {
    kty: 'OKP',
    crv: 'Ed25519',
    d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  },
})
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const ed = { kid: 'ed-1', alg: 'EdDSA', privateKey: rfc8037 } as const
const rs = await keyPair('rs-1', 'RS256')
const es = { kid: 'es-1', alg: 'ES256', privateKey: ec.privateKey } as const

const at = Date.parse('2026-11-21T08:00:00.900Z')
const needsOf = (key: { kid: string; alg: TokenAlg; privateKey: KeyObject }) => ({
  clock: { now: () => at, random: (bytes: number) => Buffer.alloc(bytes) },
  issuer: () => 'https://pass.example',
  keyRing: { signingKey: () => key },
})
const claims = { sub: 'visitor-1', account_id: 'account-1', client_key_id: 'key-1', agent_id: 'agent-1' }
const user = { id: 'user_42', display_name: 'Ada' }
const traits = fc.dictionary(fc.string(), fc.jsonValue()).filter((value) => jsonObject.safeParse(value).success)

describe('signToken', () => {
  test('writes exactly these bytes', () => {
    const { token } = signToken(needsOf(ed), 'embed-ticket', {
      sub: 'key-1',
      account_id: 'a',
      origin: 'https://shop.example',
    })
    const [header = '', payload = '', signature = ''] = token.split('.')
    expect(Buffer.from(header, 'base64url').toString()).toBe('{"alg":"EdDSA","kid":"ed-1","typ":"embed-ticket+jwt"}')
    expect(Buffer.from(payload, 'base64url').toString()).toBe(
      '{"iss":"https://pass.example","aud":"embed-ticket","sub":"key-1","account_id":"a","origin":"https://shop.example",' +
        '"iat":1795248000,"exp":1795248060,"jti":"01a1fd1e-8f84-7000-8000-000000000000"}',
    )
    expect(signature).toBe('cd4jbkV8HqCxnw5NlGAuYqF7us-eBr6gF0d9F7u1NTJghrTMt0GKjXpXfH2YIRZGb1_kFcl1oAfaUHQI_Rw4AA')
  })

  test.each([
    ['bridge', 4 * 3600, '2026-11-21T12:00:00.000Z'],
    ['visitor', 300, '2026-11-21T08:05:00.000Z'],
    ['widget-session', 900, '2026-11-21T08:15:00.000Z'],
    ['embed-ticket', 60, '2026-11-21T08:01:00.000Z'],
  ] as const)('a %s token lives for %d seconds', (kind, expiresIn, expiresAt) => {
    // the claims of each kind don't matter here, so one set is used for all
    const any = { ...claims, user, origin: 'x', sid: 's' } as never
    expect(signToken(needsOf(ed), kind, any)).toMatchObject({
      expiresIn,
      expiresAt,
    })
  })

  test.each([ed, rs])('writes the same bytes as jose ($alg)', async (key) => {
    await fc.assert(
      fc.asyncProperty(traits, fc.string(), async (value, name) => {
        const { token } = signToken(needsOf(key), 'visitor', { ...claims, user: { id: name }, traits: value })
        const payload = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
        const header = { alg: key.alg, kid: key.kid, typ: 'visitor+jwt' }
        expect(token).toBe(await new SignJWT(payload).setProtectedHeader(header).sign(key.privateKey))
      }),
      { numRuns: 30 },
    )
  })

  test('is verified by jose (ES256), with the signature as R and S', async () => {
    for (let i = 0; i < 50; i++) {
      const { token } = signToken(needsOf(es), 'visitor', { ...claims, user })
      expect(Buffer.from(token.split('.')[2] ?? '', 'base64url')).toHaveLength(64)
      const options = { algorithms: ['ES256'], typ: 'visitor+jwt', audience: 'visitor', currentDate: new Date(at) }
      const { payload } = await jwtVerify(token, ec.publicKey, options)
      expect(payload).toMatchObject({ ...claims, user, iss: 'https://pass.example' })
    }
  })

  test('the parser accepts its tokens, whatever the traits contain', () => {
    fc.assert(
      fc.property(traits, (value) => {
        const { token } = signToken(needsOf(ed), 'visitor', { ...claims, user, traits: value })
        expect(parseToken(token)).toMatchObject({ kind: 'visitor', kid: 'ed-1', alg: 'EdDSA' })
      }),
    )
  })

  test('its tokens match the schema of their own kind only', () => {
    const { token } = signToken(needsOf(ed), 'visitor', { ...claims, user })
    const payload: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString())
    const fits = Object.entries(jwtKinds).filter(([, kind]) => kind.claims.safeParse(payload).success)
    expect(fits.map(([kind]) => kind)).toEqual(['visitor'])
  })

  test("claims of the caller can't replace the standard claims", async () => {
    const sly = { ...claims, user, exp: 9_999_999_999, iat: 0, jti: 'mine' }
    const { token } = signToken(needsOf(ed), 'visitor', sly)
    const { payload } = await jwtVerify(token, createPublicKey(rfc8037), { currentDate: new Date(at) })
    expect(payload).toMatchObject({ iat: 1795248000, exp: 1795248300 })
    expect(payload.jti).not.toBe('mine')
  })
})

test('compactJws names the key and the type in its header, and nothing else', () => {
  expect(decodeProtectedHeader(compactJws(es, 'bridge+jwt', {}))).toEqual({
    alg: 'ES256',
    kid: 'es-1',
    typ: 'bridge+jwt',
  })
})
