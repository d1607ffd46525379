import { type JwtKind, jwtKinds } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import { keyPair } from '../testing/key-pair.js'
import { compactJws, signToken } from './sign-token.js'
import { createVerifiedSignatures } from './verified-signatures.js'
import { verifyToken } from './verify-token.js'

const edKey = await keyPair('ed', 'EdDSA')
const ecKey = await keyPair('ec', 'ES256')
const keys = [edKey, ecKey]

const start = Date.parse('2026-11-21T08:00:00.000Z')
const needsAt = (seconds: number, issuer = 'https://pass.example') => ({
  clock: { now: () => start + seconds * 1000, random: (bytes: number) => Buffer.alloc(bytes, 1) },
  issuer: () => issuer,
  keyRing: {
    signingKey: () => edKey,
    verificationKey: (kid: string) => keys.find((key) => key.kid === kid),
  },
})
const claims = { sub: 'key-1', account_id: 'account-1', origin: 'https://shop.example' }
const ticket = signToken(needsAt(0), 'embed-ticket', claims).token
const full = {
  ...claims,
  iss: 'https://pass.example',
  aud: 'embed-ticket',
  iat: start / 1000,
  exp: start / 1000 + 60,
  jti: 'j',
}
const signed = (changes: object, typ = 'embed-ticket+jwt') => compactJws(edKey, typ, { ...full, ...changes })
const verify = (token: string, seconds = 0) => verifyToken(needsAt(seconds), 'embed-ticket', token)

describe('verifyToken', () => {
  test('returns the claims of a valid token', async () => {
    expect(await verify(ticket, 59)).toMatchObject({ ...claims, aud: 'embed-ticket', iss: 'https://pass.example' })
    expect(await verify(compactJws(ecKey, 'embed-ticket+jwt', full))).toEqual(full)
  })

  test('a token is valid up to its last second, without leeway', async () => {
    expect(await verify(ticket, 59.999)).toBeDefined()
    expect(await verify(ticket, 60)).toBeUndefined()
    expect(await verify(ticket, 100_000)).toBeUndefined()
  })

  test('an expired token is accepted only if the caller asks for it', async () => {
    const evenExpired = (token: string, seconds: number) =>
      verifyToken(needsAt(seconds), 'embed-ticket', token, { evenExpired: true })
    expect(await evenExpired(ticket, 100_000)).toMatchObject(claims)
    expect(await evenExpired(`${ticket.slice(0, -4)}AAAA`, 100_000)).toBeUndefined()
    expect(await evenExpired(signed({ exp: full.iat - 1 }), 100_000)).toBeUndefined()
  })

  test('a future token is accepted only if the caller asks for it, and never once it has expired', async () => {
    const evenEarly = (token: string, seconds: number) =>
      verifyToken(needsAt(seconds), 'embed-ticket', token, { evenEarly: true })
    const early = signed({ iat: full.iat + 1_000, exp: full.iat + 1_060 })
    expect(await verify(early)).toBeUndefined()
    expect(await evenEarly(early, 0)).toMatchObject(claims)
    expect(await evenEarly(early, 1_059)).toMatchObject(claims)
    expect(await evenEarly(early, 1_060)).toBeUndefined()
    expect(await evenEarly(ticket, 60)).toBeUndefined()
  })

  test('rejects a token whose typ and claims are of different kinds', async () => {
    expect(await verify(signed({}, jwtKinds.visitor.typ))).toBeUndefined()
  })

  // the keys of the table are the kinds
  test.each(Object.keys(jwtKinds) as JwtKind[])('a token of another kind is never accepted as %s', async (kind) => {
    expect((await verifyToken(needsAt(0), kind, ticket)) !== undefined).toBe(kind === 'embed-ticket')
  })

  test.each<[string, object]>([
    ['no exp', { exp: undefined }],
    ['no iat', { iat: undefined }],
    ['no jti', { jti: undefined }],
    ['no sub', { sub: undefined }],
    ['no issuer', { iss: undefined }],
    ['another issuer', { iss: 'https://pass.example/' }],
    ['no audience', { aud: undefined }],
    ['another audience', { aud: 'visitor' }],
    ['a list of audiences', { aud: ['embed-ticket'] }],
    ['a lifetime longer than its kind allows', { exp: full.exp + 1 }],
    ['a lifetime of zero', { exp: full.iat }],
    ['an expiry before the time of issue', { iat: full.iat + 50, exp: full.iat + 30 }],
    ['a time of issue more than a minute ahead', { iat: full.iat + 61, exp: full.iat + 121 }],
    ['a fraction of a second', { exp: full.exp - 0.5 }],
    ['a time as a string', { exp: String(full.exp) }],
    ['an extra claim', { admin: true }],
    ['a missing claim', { origin: undefined }],
    ['an nbf', { nbf: full.iat }],
  ])('refuses %s', async (_, changes) => {
    expect(await verify(signed(changes))).toBeUndefined()
  })

  test('a time of issue up to a minute ahead is accepted, because clocks differ', async () => {
    expect(await verify(signed({ iat: full.iat + 60, exp: full.iat + 120 }))).toBeDefined()
  })

  test('a key works with its own algorithm only', async () => {
    const mixed = compactJws({ kid: 'ec', alg: 'EdDSA', privateKey: edKey.privateKey }, 'embed-ticket+jwt', full)
    expect(await verify(mixed)).toBeUndefined()
  })

  test('an unknown key and a changed character are rejected', async () => {
    expect(await verify(compactJws({ ...edKey, kid: 'none' }, 'embed-ticket+jwt', full))).toBeUndefined()
    const [header, , signature] = ticket.split('.')
    const other = Buffer.from(JSON.stringify({ ...full, account_id: 'account-2' })).toString('base64url')
    expect(await verify(`${header}.${other}.${signature}`)).toBeUndefined()
    expect(await verify(`${header}.${ticket.split('.')[1]}.${'A'.repeat(86)}`)).toBeUndefined()
  })
})

describe('a remembered signature', () => {
  const remembering = (seconds: number, changes: object = {}) => {
    const verified = createVerifiedSignatures()
    const deps = { ...needsAt(seconds), verified, ...changes }
    return { verified, verify: (token: string) => verifyToken(deps, 'embed-ticket', token) }
  }
  const forged = `${ticket.slice(0, -86)}${'A'.repeat(86)}`

  test('is one that was verified, and is not verified again', async () => {
    const { verified, verify } = remembering(0)
    expect(await verify(ticket)).toMatchObject(claims)
    expect(verified.has(ticket)).toBe(true)
    expect(await verify(ticket)).toMatchObject(claims)
    // only a token that counts as verified is accepted with a wrong signature
    expect(await verify(forged)).toBeUndefined()
    expect(verified.has(forged)).toBe(false)
    verified.add(forged)
    expect(await verify(forged)).toMatchObject(claims)
  })

  test('does not keep a token alive that has expired, or whose key is gone', async () => {
    const late = remembering(60)
    late.verified.add(ticket)
    expect(await late.verify(ticket)).toBeUndefined()
    const keyless = remembering(0, { keyRing: { verificationKey: () => undefined } })
    keyless.verified.add(ticket)
    expect(await keyless.verify(ticket)).toBeUndefined()
  })

  test('is one of the 10,000 newest', () => {
    const verified = createVerifiedSignatures()
    for (let i = 0; i <= 10_000; i++) verified.add(`token ${i}`)
    expect([verified.has('token 0'), verified.has('token 1'), verified.has('token 10000')]).toEqual([false, true, true])
  })
})
