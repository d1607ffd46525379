import { createHmac, randomUUID } from 'node:crypto'
import { UnsecuredJWT } from 'jose'
import { beforeAll, describe, expect, test } from 'vitest'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import { mintGuest } from './support/fixtures/mint.js'
import { withIdentityProviders } from './support/fixtures/subject-tokens.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: fixtureWithHost, config: { localIssuers: true, profile: 'sandbox' } })
const { world, nowSeconds, claimsOf, exchange, sign, statusOf } = withIdentityProviders(server)

describe('400 with the same bytes for', () => {
  let refused: string
  beforeAll(async () => {
    refused = await (await exchange('x.y.z')).text()
  })
  test.each<[string, () => Promise<string>]>([
    ['another audience', () => sign({ aud: 'other' })],
    ['several audiences without this one', () => sign({ aud: ['a', 'b'] })],
    ['no audience', () => sign({ aud: undefined })],
    ['an expired token', () => sign({ exp: nowSeconds() - 61, iat: nowSeconds() - 100 })],
    ['no exp', () => sign({ exp: undefined })],
    ['no iat', () => sign({ iat: undefined })],
    ['a token from the future', () => sign({ iat: nowSeconds() + 65 })],
    ['a token that is not valid yet', () => sign({ nbf: nowSeconds() + 65 })],
    ['a token older than max_age', () => sign({ iat: nowSeconds() - 365 })],
    ['no subject', () => sign({ sub: undefined })],
    ['a subject that is not a text', () => world().provider.sign({ ...claimsOf(), sub: 42 as unknown as string })],
    ['an empty subject', () => sign({ sub: '' })],
    ['a long subject', () => sign({ sub: 'x'.repeat(256) })],
    ['a jti that is not a text', () => world().provider.sign({ ...claimsOf(), jti: 7 as unknown as string })],
    ['an unknown issuer', () => sign({ iss: 'https://attacker.example' })],
    ["another trusted issuer's name, signed by this one", () => sign({ iss: world().otherProvider.issuer })],
    ['the issuer of this server', () => sign({ iss: server.url })],
    ['a logout token', () => world().provider.sign(claimsOf(), { typ: 'logout+jwt' })],
    ['an unknown key', () => world().provider.sign(claimsOf(), { kid: 'other' })],
    [
      'a key in its own header',
      () => world().provider.sign(claimsOf(), { kid: 'other', jwk: world().provider.keys()[0] }),
    ],
    [
      'a critical header',
      () =>
        world()
          .provider.sign(claimsOf(), { kid: 'other', crit: ['x'], x: 1 })
          .catch(none),
    ],
    ['no signature (alg none)', async () => new UnsecuredJWT(claimsOf()).encode()],
    ['HS256 with the public key as its secret', async () => hmacOf(claimsOf())],
    ['a session token of this server', async () => (await mintGuest(server, world().clientKey)).token],
    ['a token that is too long', () => sign({ padding: 'x'.repeat(17_000) })],
  ])('%s', async (_, make) => {
    const response = await exchange(await make())
    expect(response.status).toBe(400)
    expect(await response.text()).toBe(refused)
  })

  const none = async () => 'eyJhbGciOiJFUzI1NiIsImNyaXQiOlsieCJdLCJ4IjoxfQ.e30.AA'

  function hmacOf(claims: object): string {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const { kid } = world().provider.keys()[0] ?? {}
    const input = `${part({ alg: 'HS256', kid })}.${part(claims)}`
    const secret = JSON.stringify(world().provider.keys()[0])
    return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`
  }

  test('a changed token, whatever was changed', async () => {
    const token = await sign({ jti: randomUUID() })
    const [header = '', payload = '', signature = ''] = token.split('.')
    const claims = Buffer.from(JSON.stringify(claimsOf(world().provider, { sub: 'admin' }))).toString('base64url')
    for (const changed of [
      `${header}.${claims}.${signature}`,
      `${header}.${payload}.${signature.slice(0, -4)}AAAA`,
      `${header}.${payload}.`,
      `${header}.${payload}`,
      `${token}.`,
      `${token}=`,
    ]) {
      const response = await exchange(changed)
      expect(response.status).toBe(400)
      expect(await response.text()).toBe(refused)
    }
    expect(await statusOf(token)).toBe(200)
  })
})
