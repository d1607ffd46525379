import { randomUUID } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { administer } from './support/fixtures/administer.js'
import { fixtureWithHost } from './support/fixtures/host-key.js'
import { bodyOf } from './support/fixtures/mint.js'
import { settingsOf, trust, withIdentityProviders } from './support/fixtures/subject-tokens.js'
import { type IdentityProvider, startIdentityProvider } from './support/servers/identity-provider.js'
import { withServer } from './support/servers/with-server.js'

const server = withServer({ fixture: fixtureWithHost, config: { localIssuers: true, profile: 'sandbox' } })
const { world, nowSeconds, claimsOf, exchange, sign, statusOf, create } = withIdentityProviders(server)
const second = 1000
const minute = 60 * second

describe('the keys of an identity provider', () => {
  test('are fetched once for many calls, and again after 10 minutes', async () => {
    const idp = await startIdentityProvider()
    const client_key = await create([trust(idp)])
    const call = async () => statusOf(await sign({}, idp), { client_key })
    expect(await Promise.all([call(), call(), call()])).toEqual([200, 200, 200])
    expect(idp.fetches()).toBe(1)
    server.clock.advance(10 * minute)
    expect(await call()).toBe(200)
    expect(idp.fetches()).toBe(2)
    await idp.stop()
  })

  test('are picked up after a rotation, and removed ones are refused after 10 minutes', async () => {
    const idp = await startIdentityProvider()
    const client_key = await create([trust(idp)])
    const old = idp.sign
    expect(await statusOf(await sign({}, idp), { client_key })).toBe(200)
    const byOldKey = await old(claimsOf(idp, { exp: nowSeconds() + 3600, iat: nowSeconds() + 11 * 60 }))
    await idp.rotate({ alg: 'RS256' })
    server.clock.advance(10 * second)
    expect(await statusOf(await sign({}, idp), { client_key })).toBe(200)
    server.clock.advance(10 * minute)
    expect(await statusOf(byOldKey, { client_key })).toBe(400)
    await idp.stop()
  })

  test('are asked for once in 10 seconds, whatever unknown keys tokens name', async () => {
    const idp = await startIdentityProvider()
    const client_key = await create([trust(idp)])
    const unknown = () => idp.sign(claimsOf(idp), { kid: randomUUID() })
    const tokens = await Promise.all(Array.from({ length: 20 }, unknown))
    const statuses = await Promise.all(tokens.map((token) => statusOf(token, { client_key })))
    expect(new Set(statuses)).toEqual(new Set([400]))
    expect(idp.fetches()).toBe(1)
    server.clock.advance(10 * second)
    expect(await statusOf(await unknown(), { client_key })).toBe(400)
    expect(idp.fetches()).toBe(2)
    await idp.stop()
  })

  test('are kept for an hour during an outage; then, and for unknown ones, 503', async () => {
    const idp = await startIdentityProvider()
    const client_key = await create([trust(idp)])
    expect(await statusOf(await sign({}, idp), { client_key })).toBe(200)
    idp.answer((response) => response.writeHead(500).end('down'))
    server.clock.advance(59 * minute)
    expect(await statusOf(await sign({}, idp), { client_key })).toBe(200)
    server.clock.advance(10 * second)
    const response = await exchange(await idp.sign(claimsOf(idp), { kid: 'new' }), { client_key })
    expect(response.status).toBe(503)
    expect(response.headers.get('retry-after')).toBe('1')
    server.clock.advance(minute)
    expect(await statusOf(await sign({}, idp), { client_key })).toBe(503)
    idp.answer(undefined)
    server.clock.advance(10 * second)
    expect(await statusOf(await sign({}, idp), { client_key })).toBe(200)
    await idp.stop()
  })

  test.each<[string, Parameters<IdentityProvider['answer']>[0]]>([
    ['a redirect', (response, keys) => response.writeHead(302, { Location: world().provider.jwksUri }).end(keys)],
    ['an answer without end', (response) => response.writeHead(200).write(' '.repeat(70_000))],
    ['no JSON', (response) => response.end('<html>')],
    ['no JWK set', (response) => response.end('{"keys":{}}')],
    ['a broken connection', (response) => response.destroy()],
  ])('503 for %s', async (_, answer) => {
    const idp = await startIdentityProvider()
    const client_key = await create([trust(idp)])
    const before = world().provider.fetches()
    idp.answer(answer)
    expect(await statusOf(await sign({}, idp), { client_key })).toBe(503)
    expect(world().provider.fetches()).toBe(before)
    await idp.stop()
  })

  test('that are slow delay only the calls that need them', async () => {
    const idp = await startIdentityProvider()
    const client_key = await create([trust(idp)])
    const waiting: (() => void)[] = []
    idp.answer((response, keys) => waiting.push(() => response.end(keys)))
    const slow = exchange(await sign({}, idp), { client_key })
    await expect.poll(() => waiting.length).toBe(1)
    expect(await statusOf(await sign())).toBe(200)
    for (const end of waiting) end()
    expect((await slow).status).toBe(200)
    await idp.stop()
  })
})

describe('the setting', () => {
  const refusedSetting = async (...issuers: object[]) =>
    (await administer(server).post('client_keys', settingsOf(issuers))).status

  test('is shown, changed and removed', async () => {
    const shown = { ...trust(world().provider), subject_claim: 'sub', max_age: 300 }
    const response = await administer(server).post('client_keys', settingsOf([trust(world().provider)]))
    const { id, ...created } = await bodyOf<{ id: string; trusted_issuers?: object[] }>(response)
    expect(created.trusted_issuers).toEqual([shown])
    const patch = async (body: object) =>
      (await bodyOf<{ trusted_issuers?: object[] }>(await administer(server).post(`client_keys/${id}`, body)))
        .trusted_issuers
    expect(await patch({ name: 'renamed' })).toEqual([shown])
    expect(await patch({ trusted_issuers: [] })).toBeUndefined()
  })

  test.each<[string, object]>([
    ['http', { jwks_uri: 'http://login.example.com/keys' }],
    ['credentials in the URL', { jwks_uri: 'https://a:b@login.example.com/keys' }],
    ['a file', { jwks_uri: 'file:///etc/passwd' }],
    ['a shared secret', { jwks_uri: undefined, jwks: { keys: [{ kty: 'oct', k: 'c2VjcmV0' }] } }],
    ['a private key', { jwks_uri: undefined, jwks: { keys: [{ kty: 'EC', d: 'x' }] } }],
    ['no keys', { jwks_uri: undefined }],
    ['keys twice', { jwks: { keys: [] } }],
    ['an issuer with |', { issuer: 'https://a|b' }],
    ['a long max_age', { max_age: 86_401 }],
    ['no audience', { audience: undefined }],
  ])('422 for %s', async (_, more) => {
    expect(await refusedSetting(trust(world().provider, more))).toBe(422)
  })

  test('422 for the same issuer twice', async () => {
    expect(await refusedSetting(trust(world().provider), trust(world().provider, { audience: 'b' }))).toBe(422)
  })

  test('explains to its account why a token was refused', async () => {
    await exchange(await sign({ aud: 'other-app' }))
    const seen = async () => JSON.stringify(await bodyOf(await administer(server).get('refusals')))
    await expect.poll(seen).toContain('a token whose claim aud is missing or wrong')
  })
})
