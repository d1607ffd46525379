import { describe, expect, test } from 'vitest'
import { HallpassError } from '../errors.js'
import { verifySubjectToken } from './verify-subject-token.js'

/** RFC 7515 appendix A.3.1. */
const key = {
  kty: 'EC' as const,
  crv: 'P-256',
  x: 'f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU',
  y: 'x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0',
}
const payload = 'eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ'
const es256 = `eyJhbGciOiJFUzI1NiJ9.${payload}.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q`
const issuer = { issuer: 'joe', jwks: { keys: [key] }, audience: 'any', subject_claim: 'sub', max_age: 300 }

/** Why a token is refused, as the account sees it. */
async function seenOf(token: string, jwks: object = issuer.jwks): Promise<string | undefined> {
  const deps = {
    clock: { now: () => 1_300_819_000_000 },
    issuer: () => 'https://pass.example',
    issuerKeys: { find: () => Promise.reject(new Error('the keys are in the setting')) },
  }
  // a test may leave members out
  const client = { accountId: 'a', trustedIssuers: [{ ...issuer, jwks: jwks as typeof issuer.jwks }] }
  const error = await verifySubjectToken(deps, client, token).catch((cause: unknown) => cause)
  if (!(error instanceof HallpassError)) throw error
  return (await error.details.explain?.())?.seen
}

describe('the tokens of RFC 7515 appendix A', () => {
  test('A.3: the signature is valid, and only the claims that a session needs are missing', async () => {
    expect(await seenOf(es256)).toBe('a token whose claim aud is missing or wrong')
  })

  test('A.3: any other signature, payload or key is refused for the signature', async () => {
    const invalid = 'a token with an invalid signature'
    expect(await seenOf(es256.replace('.DtEh', '.DtEi'))).toBe(invalid)
    expect(await seenOf(es256.replace('eyJhbGciOiJFUzI1NiJ9', 'eyJhbGciOiJFUzM4NCJ9'))).not.toContain('aud')
    expect(await seenOf(es256.replace('JpczovL', 'JpczovM').replace('b2UiLA0K', 'b2UiLAoK'))).toBe(invalid)
    expect(await seenOf(es256, { keys: [] })).toBe('a token with a key that the issuer does not publish')
    expect(await seenOf(es256, { keys: [key, key] })).toBe('a token without a kid, although several keys fit')
  })

  test.each([
    ['A.1 (HS256)', `eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.${payload}.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk`],
    ['A.5 (none)', `eyJhbGciOiJub25lIn0.${payload}.`],
  ])('%s is refused for its algorithm', async (_, token) => {
    expect(await seenOf(token)).toContain('it must be asymmetric')
  })
})
