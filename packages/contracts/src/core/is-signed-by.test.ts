import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import {
  importPublicKey,
  isSignedBy,
  type PublicJwk,
  type PublicKey,
  type TokenAlg,
  tokenAlgs,
} from './is-signed-by.js'

const generate = {
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
  EdDSA: () => generateKeyPairSync('ed25519'),
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
}
const pairs = { ES256: generate.ES256(), EdDSA: generate.EdDSA(), RS256: generate.RS256() }
const other = { ES256: 'EdDSA', EdDSA: 'RS256', RS256: 'ES256' } as const
const jwkOf = (key: KeyObject, alg: string): PublicJwk => ({ ...(key.export({ format: 'jwk' }) as PublicJwk), alg })
const signed = (alg: TokenAlg, header: object = {}) =>
  new SignJWT({ sub: 'a' }).setProtectedHeader({ alg, ...header }).sign(pairs[alg].privateKey)

async function keyOf(alg: TokenAlg): Promise<PublicKey> {
  const key = await importPublicKey(jwkOf(pairs[alg].publicKey, alg))
  if (!key) throw new Error('the key was not imported')
  return key
}

describe.each(tokenAlgs)('isSignedBy, with a key for %s', (alg) => {
  test('accepts its signature', async () => {
    expect(await isSignedBy(await keyOf(alg), await signed(alg), { alg })).toBe(true)
  })

  test('rejects every change of a letter', async () => {
    const [key, jws] = [await keyOf(alg), await signed(alg)]
    for (let at = 0; at < jws.length; at++) {
      const changed = jws.slice(0, at) + (jws[at] === 'A' ? 'B' : 'A') + jws.slice(at + 1)
      expect(await isSignedBy(key, changed, { alg }), `letter ${at}`).toBe(false)
    }
  })

  test('rejects a header that names the other algorithm', async () => {
    expect(await isSignedBy(await keyOf(alg), await signed(alg), { alg: other[alg] })).toBe(false)
  })

  test('rejects the signature of another key', async () => {
    const key = await importPublicKey(jwkOf(generate[alg]().publicKey, alg))
    expect(key && (await isSignedBy(key, await signed(alg), { alg }))).toBe(false)
  })

  test.each(['', '.', 'a', 'a.b', 'a.b.', 'a.b.c', 'a.b.=', 'a.b.AAAA', `a.b.${'A'.repeat(86)}`])(
    'rejects %j without throwing',
    async (text) => {
      expect(await isSignedBy(await keyOf(alg), text, { alg })).toBe(false)
    },
  )

  test('rejects padding and a second spelling of the signature', async () => {
    const [key, jws] = [await keyOf(alg), await signed(alg)]
    for (const spelled of [`${jws}=`, `${jws}==`, `${jws} `, `${jws}\n`]) {
      expect(await isSignedBy(key, spelled, { alg }), spelled).toBe(false)
    }
  })
})

test('rejects an ECDSA signature in DER, which JWS does not use', async () => {
  const input = (await signed('ES256')).split('.').slice(0, 2).join('.')
  const der = sign('sha256', Buffer.from(input), pairs.ES256.privateKey).toString('base64url')
  expect(await isSignedBy(await keyOf('ES256'), `${input}.${der}`, { alg: 'ES256' })).toBe(false)
})

// RFC 8037 appendix A.4
test('accepts the example of RFC 8037', async () => {
  const key = await importPublicKey({
    kty: 'OKP',
    crv: 'Ed25519',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
    alg: 'EdDSA',
  })
  const jws =
    'eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg'
  expect(key && (await isSignedBy(key, jws, { alg: 'EdDSA' }))).toBe(true)
})

describe('importPublicKey', () => {
  const ed = jwkOf(pairs.EdDSA.publicKey, 'EdDSA')
  const ec = jwkOf(pairs.ES256.publicKey, 'ES256')
  const rsa = jwkOf(pairs.RS256.publicKey, 'RS256')
  const rsaOf = (modulusLength: number) => jwkOf(generateKeyPairSync('rsa', { modulusLength }).publicKey, 'RS256')

  test.each<[string, object]>([
    ['no alg', { ...ed, alg: undefined }],
    ['an alg that is not its own', { ...ed, alg: 'ES256' }],
    ['an alg that every object has', { ...ed, alg: 'constructor' }],
    ['a symmetric key', { kty: 'oct', k: 'c2VjcmV0', alg: 'HS256' }],
    ['an RSA key that is too short', rsaOf(1024)],
    ['an RSA key that is too long', { ...rsa, n: 'A'.repeat(684) }],
    ['an RSA key without a modulus', { ...rsa, n: undefined }],
    ['an RSA key for another algorithm', { ...rsa, alg: 'PS256' }],
    ['another curve', { ...ec, crv: 'P-384' }],
    ['a key for encryption', { ...ed, use: 'enc' }],
    ['a point that is not on the curve', { ...ec, y: ec.x }],
    ['a member that is not a text', { ...ed, x: 1 }],
    ['no members', {}],
  ])('refuses %s', async (_, jwk) => {
    expect(await importPublicKey(jwk as PublicJwk)).toBeUndefined()
  })

  test.each([ed, ec, rsa])('ignores other members of a key, the private one too', async (jwk) => {
    const alg = jwk.alg as TokenAlg
    const whole = createPrivateKey(pairs[alg].privateKey.export({ format: 'pem', type: 'pkcs8' })).export({
      format: 'jwk',
    })
    const key = await importPublicKey({ ...whole, ...jwk, ...{ ext: false, key_ops: ['sign'], kid: 'k', use: 'sig' } })
    expect(key && (await isSignedBy(key, await signed(alg), { alg }))).toBe(true)
  })
})
