import { createHash, createPrivateKey, createPublicKey, type JsonWebKey, type KeyObject, sign } from 'node:crypto'
import { parseToken, tokenAlgs } from '@hallpass/contracts'
import { calculateJwkThumbprint, compactVerify, type JSONWebKeySet, jwtVerify, SignJWT, UnsecuredJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import { bodyOf, introspect, mintBridgeToken, paths } from './support/fixtures/mint.js'
import {
  rfc7515Es256Key,
  rfc8037Key,
  rfc8037Thumbprint,
  rfcVectors,
  unsecured,
} from './support/fixtures/rfc-vectors.js'
import { encode, partsOf, signParts } from './support/fixtures/sign-raw.js'
import { startServer } from './support/servers/in-process-server.js'
import { compactJws } from './support/servers/server-parts.js'

const privateKeyOf = (jwk: JsonWebKey) => createPrivateKey({ key: jwk, format: 'jwk' })
const publicOf = ({ d: _, ...jwk }: Readonly<Record<string, string>>) => jwk
const keyOf = (jwk: Readonly<Record<string, string>>): Uint8Array | KeyObject =>
  jwk.k === undefined ? createPublicKey({ key: publicOf(jwk), format: 'jwk' }) : Buffer.from(jwk.k, 'base64url')

describe.each(Object.entries(rfcVectors))('%s', (_, { token, key, payload }) => {
  test('verifies as the RFC says', async () => {
    const verified = await compactVerify(token, keyOf(key))
    expect(Buffer.from(verified.payload).toString()).toBe(payload)
  })

  test('is not one of ours', async () => {
    expect(parseToken(token)).toBeUndefined()
  })
})

test('RFC 7515 A.5 and RFC 7519 6.1: the unsecured token decodes, but is not one of ours', () => {
  const { payload } = UnsecuredJWT.decode(unsecured, { currentDate: new Date(0) })
  expect(payload).toMatchObject({ iss: 'joe', exp: 1300819380 })
  expect(parseToken(unsecured)).toBeUndefined()
})

test('no token of an RFC is accepted by any endpoint', async () => {
  const server = await startServer()
  for (const token of [...Object.values(rfcVectors).map((vector) => vector.token), unsecured]) {
    expect(await introspect(server, token)).toEqual({ active: false })
    expect((await server.postFromShop(paths.exchange, { token })).status).toBe(400)
  }
  await server.stop()
})

describe('RFC 8037 appendix A', () => {
  test('A.2: the private key has this public half', () => {
    expect(createPublicKey(privateKeyOf(rfc8037Key)).export({ format: 'jwk' })).toEqual(publicOf(rfc8037Key))
  })

  test('A.3: thumbprint', async () => {
    expect(await calculateJwkThumbprint(publicOf(rfc8037Key))).toBe(rfc8037Thumbprint)
    const canonical = `{"crv":"Ed25519","kty":"OKP","x":"${rfc8037Key.x}"}`
    expect(createHash('sha256').update(canonical).digest('base64url')).toBe(rfc8037Thumbprint)
  })

  test('A.4: the same key and text give the same signature', () => {
    const [header, payload, signature] = partsOf(rfcVectors['RFC 8037 A.4, Ed25519']?.token ?? '')
    const privateKey = privateKeyOf(rfc8037Key)
    expect(encode(sign(null, Buffer.from(`${header}.${payload}`), privateKey))).toBe(signature)
    expect(signParts(privateKey, header, payload)).toBe(`${header}.${payload}.${signature}`)
  })
})

describe('our signer', () => {
  const claims = {
    iss: 'https://pass.example',
    aud: 'visitor',
    sub: 'ä"\\\u2028😀',
    iat: 1,
    exp: 2,
    nested: { a: [1, null] },
  }

  test('produces the same bytes as jose with the key of RFC 8037', async () => {
    const key = { kid: rfc8037Thumbprint, alg: 'EdDSA', privateKey: privateKeyOf(rfc8037Key) } as const
    const ours = compactJws(key, 'visitor+jwt', claims)
    const header = { alg: 'EdDSA', kid: rfc8037Thumbprint, typ: 'visitor+jwt' }
    expect(ours).toBe(await new SignJWT(claims).setProtectedHeader(header).sign(key.privateKey))
    expect(parseToken(ours)).toMatchObject({ kind: 'visitor', kid: rfc8037Thumbprint, alg: 'EdDSA' })
  })

  test('produces a signature that jose verifies, with the ES256 key of RFC 7515 A.3', async () => {
    const key = { kid: 'a3', alg: 'ES256', privateKey: privateKeyOf(rfc7515Es256Key) } as const
    const ours = compactJws(key, 'bridge+jwt', claims)
    const verified = await jwtVerify(ours, keyOf(rfc7515Es256Key), { currentDate: new Date(1000) })
    expect(verified.protectedHeader).toEqual({ alg: 'ES256', kid: 'a3', typ: 'bridge+jwt' })
    expect(verified.payload).toEqual(claims)
    // RFC 7515 A.3: 64 bytes, R and S, never DER
    expect(Buffer.from(partsOf(ours)[2], 'base64url')).toHaveLength(64)
    expect(parseToken(ours)).toMatchObject({ kind: 'bridge', alg: 'ES256' })
  })

  test.each(tokenAlgs)("a server's %s key is published under its thumbprint (RFC 7638)", async (signingAlg) => {
    const server = await startServer({ config: { signingAlg } })
    const { keys } = await bodyOf<JSONWebKeySet>(await server.get('/.well-known/jwks.json'))
    const [key] = keys
    expect(keys).toHaveLength(1)
    expect(key?.kid).toBe(await calculateJwkThumbprint(key ?? {}))
    const token = await mintBridgeToken(server)
    const { protectedHeader } = await jwtVerify(token, createPublicKey({ key: key as JsonWebKey, format: 'jwk' }))
    expect(protectedHeader).toEqual({ alg: signingAlg, kid: key?.kid, typ: 'bridge+jwt' })
    await server.stop()
  })
})
