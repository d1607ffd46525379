import { describe, expect, test } from 'vitest'
import { checkProof, proofWindowSeconds } from './check-proof.js'
import { thumbprintOf } from './thumbprint.js'

// RFC 9449, figures 2 and 12, and the token and thumbprint of sections 6.1 and 7.1
const key =
  'eyJ0eXAiOiJkcG9wK2p3dCIsImFsZyI6IkVTMjU2IiwiandrIjp7Imt0eSI6IkVDIiwieCI6Imw4dEZyaHgtMzR0VjNoUklDUkRZOXpDa0RscEJoRjQyVVFVZldWQVdCRnMiLCJ5IjoiOVZFNGpmX09rX282NHpiVFRsY3VOSmFqSG10NnY5VERWclUwQ2R2R1JEQSIsImNydiI6IlAtMjU2In19'
const forTokens = `${key}.eyJqdGkiOiItQndDM0VTYzZhY2MybFRjIiwiaHRtIjoiUE9TVCIsImh0dSI6Imh0dHBzOi8vc2VydmVyLmV4YW1wbGUuY29tL3Rva2VuIiwiaWF0IjoxNTYyMjYyNjE2fQ.2-GxA6T8lP4vfrg8v-FdWP0A0zdrj8igiMLvqRMUvwnQg4PtFLbdLXiOSsX0x7NVY-FNyJK70nfbV37xRZT3Lg`
const forResource = `${key}.eyJqdGkiOiJlMWozVl9iS2ljOC1MQUVCIiwiaHRtIjoiR0VUIiwiaHR1IjoiaHR0cHM6Ly9yZXNvdXJjZS5leGFtcGxlLm9yZy9wcm90ZWN0ZWRyZXNvdXJjZSIsImlhdCI6MTU2MjI2MjYxOCwiYXRoIjoiZlVIeU8ycjJaM0RaNTNFc05yV0JiMHhXWG9hTnk1OUlpS0NBcWtzbVFFbyJ9.2oW9RP35yRqzhrtNP86L-Ey71EOptxRimPPToA1plemAgR6pxHF8y6-yqyVnmcw6Fy1dqd-jfxSYoMxhAJpLjA`
const accessToken = 'Kz~8mXK1EalYznwH-LC-1fBAo.4Ljp~zsPE_NeO.gxU'
const jkt = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I'

const atTokens = { method: 'POST', url: 'https://server.example.com/token', now: 1562262616 }
const atResource = {
  method: 'GET',
  url: 'https://resource.example.org/protectedresource',
  now: 1562262618,
  accessToken,
}

describe('the proofs that RFC 9449 prints', () => {
  test('are valid, with the printed thumbprint', async () => {
    expect(await checkProof(forTokens, atTokens)).toMatchObject({ jkt, iat: 1562262616 })
    expect(await checkProof(forResource, atResource)).toMatchObject({ jkt })
  })

  test.each([0, proofWindowSeconds, -proofWindowSeconds])('are valid %d seconds later', async (seconds) => {
    expect(await checkProof(forTokens, { ...atTokens, now: atTokens.now + seconds })).toMatchObject({ jkt })
  })

  test.each([
    ['malformed', 'no.proof', {}],
    ['malformed', `${forTokens}.x`, {}],
    ['malformed', forTokens.replace(key, `${key}A`), {}],
    ['bad_signature', `${forTokens.slice(0, -8)}AAAAAAAA`, {}],
    [
      'bad_signature',
      forResource
        .split('.')
        .with(2, forTokens.split('.')[2] ?? '')
        .join('.'),
      {},
    ],
    ['wrong_method', forTokens, { method: 'GET' }],
    ['wrong_url', forTokens, { url: 'https://server.example.com/Token' }],
    ['wrong_url', forTokens, { url: 'https://server.example.com.attacker.example/token' }],
    ['wrong_url', forTokens, { url: 'https://server.example.com/token/' }],
    ['wrong_token', forTokens, { accessToken }],
    ['wrong_time', forTokens, { now: atTokens.now + proofWindowSeconds + 1 }],
    ['wrong_time', forTokens, { now: atTokens.now - proofWindowSeconds - 1 }],
  ])('are refused as %s', async (issue, proof, change) => {
    expect(await checkProof(proof, { ...atTokens, ...change })).toBe(issue)
  })

  test('are refused with another token', async () => {
    expect(await checkProof(forResource, { ...atResource, accessToken: `${accessToken}.` })).toBe('wrong_token')
  })

  test('may be sent to a URL with a query', async () => {
    expect(await checkProof(forTokens, { ...atTokens, url: `${atTokens.url}?a=1#b` })).toMatchObject({ jkt })
  })
})

describe('a header that a proof must not have', () => {
  const withHeader = (change: object) => {
    const header = JSON.parse(atob(key))
    return forTokens.replace(key, encode({ ...header, ...change }))
  }
  const encode = (value: object) => btoa(JSON.stringify(value)).replace(/=+$/, '')

  test.each([
    { typ: 'JWT' },
    { alg: 'none' },
    { alg: 'HS256' },
    { crit: ['b64'] },
    { jwk: undefined },
    { jwk: { kty: 'EC', crv: 'P-256', x: 'a', y: 'b', d: 'c' } },
  ])('%j', async (change) => {
    expect(await checkProof(withHeader(change), atTokens)).toBe('malformed')
  })
})

test('the id of a proof has a fixed length and depends on the key and the jti', async () => {
  const [first, second] = [await checkProof(forTokens, atTokens), await checkProof(forResource, atResource)]
  if (typeof first === 'string' || typeof second === 'string') throw new Error('a proof is invalid')
  expect(first.id).toMatch(/^[\w-]{43}$/)
  expect(first.id).not.toBe(second.id)
})

test('the thumbprint of an Ed25519 key is the one in RFC 8037, appendix A.3', async () => {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo' }
  expect(await thumbprintOf(jwk)).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k')
})
