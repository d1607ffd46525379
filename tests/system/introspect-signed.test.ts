import { createVerifier } from '@hallpass/client/verify'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import * as oauth from 'oauth4webapi'
import { beforeAll, expect, test } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import { bodyOf, introspect, mintBridgeToken, mintGuest, paths, revoke } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

/* Introspection answers as signed JWTs (RFC 9701). */

const plainHttp = { [oauth.allowInsecureRequests]: true }
const mediaType = 'application/token-introspection+jwt'
const server = withServer()
let issuer: oauth.AuthorizationServer
let ownKeyId: string
beforeAll(async () => {
  const url = new URL(server.url)
  const response = await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...plainHttp })
  issuer = await oauth.processDiscoveryResponse(url, response)
  ownKeyId = await keyIdOf(acme.key)
})

async function keyIdOf(key: string): Promise<string> {
  const response = await server.get('/v1/admin/caller', { Authorization: `Bearer ${key}` })
  return (await bodyOf<{ api_key: { id: string } }>(response)).api_key.id
}

const ask = (token: string, client_id = ownKeyId, key: string = acme.key) =>
  oauth.introspectionRequest(issuer, { client_id }, oauth.ClientSecretBasic(key), token, {
    requestJwtResponse: true,
    ...plainHttp,
  })

/** The answer as oauth4webapi reads it, once it has checked the signature and all claims. */
async function read(response: Response, client_id = ownKeyId) {
  const claims = await oauth.processIntrospectionResponse(issuer, { client_id }, response)
  await oauth.validateApplicationLevelSignature(issuer, response, plainHttp)
  return claims
}

const accepting = (token: string, accept: string) => server.postForm(paths.introspect, { token }, { accept })

test('oauth4webapi gets a signed answer with the same members, for the id of its secret key', async () => {
  expect(issuer.introspection_signing_alg_values_supported).toEqual(['ES256'])
  const token = await mintBridgeToken(server)
  const response = await ask(token)
  expect(response.headers.get('content-type')).toBe(mediaType)
  expect(response.headers.get('cache-control')).toBe('no-store')
  const jwt = await response.clone().text()
  expect(await read(response)).toEqual(await introspect(server, token))
  expect(decodeProtectedHeader(jwt)).toEqual({ alg: 'ES256', kid: expect.any(String), typ: 'token-introspection+jwt' })
  const members = { iss: server.url, aud: ownKeyId, iat: expect.any(Number), token_introspection: expect.any(Object) }
  expect(decodeJwt(jwt)).toEqual(members)
})

test('signs {"active":false} too: for revoked, foreign and invalid tokens', async () => {
  const revoked = await mintBridgeToken(server)
  await revoke(server, revoked)
  for (const token of [revoked, 'nonsense']) expect(await read(await ask(token))).toEqual({ active: false })
  const foreign = await ask(await mintBridgeToken(server), ownKeyId, rival.key)
  expect(decodeJwt(await foreign.text())).toMatchObject({
    aud: await keyIdOf(rival.key),
    token_introspection: { active: false },
  })
})

test('the name that a caller gives itself is not the audience', async () => {
  const response = await ask(await mintBridgeToken(server), 'https://api.rival.example')
  await expect(read(response, 'https://api.rival.example')).rejects.toMatchObject({
    code: 'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  })
})

test.each([
  [mediaType, true],
  [`${mediaType.toUpperCase()};q=0.5, */*;q=0.1`, true],
  [`application/json;q=0.9, ${mediaType}`, true],
  [`application/json, ${mediaType};q=0.5`, false],
  [`${mediaType};q=0`, false],
  ['application/*', false],
  ['*/*', false],
])('Accept: %s, signed: %s', async (accept, isSigned) => {
  const response = await accepting(await mintBridgeToken(server), accept)
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toBe(isSigned ? mediaType : 'application/json')
})

test('errors stay JSON', async () => {
  const response = await server.postForm(
    paths.introspect,
    { token: 'x' },
    { accept: mediaType, Authorization: 'Bearer no' },
  )
  expect(response.status).toBe(401)
  expect(await response.json()).toMatchObject({ error: 'invalid_client' })
})

test('a signed answer is accepted nowhere as a token', async () => {
  const { token, refresh_token } = await mintGuest(server)
  for (const about of [token, refresh_token, await mintBridgeToken(server)]) {
    const jwt = await (await accepting(about, mediaType)).text()
    expect(await introspect(server, jwt)).toEqual({ active: false })
    expect((await server.postFromShop(paths.exchange, { token: jwt })).status).toBe(400)
    expect((await server.postFromShop(paths.refresh, { refresh_token: jwt })).status).toBe(400)
    const redeemed = await server.postAsAcme(paths.redeem, { widget_token: jwt, widget_type: 'REVEAL' })
    expect(redeemed.status).toBe(404)
    for (const kind of ['bridge', 'widget-session'] as const) {
      const verifier = createVerifier({ issuer: server.url, kind, account: acme.account, audience: ownKeyId })
      expect(await verifier.verify(jwt)).toMatchObject({ ok: false, reason: 'wrong_kind' })
    }
    await revoke(server, jwt)
  }
  expect(await introspect(server, token)).toMatchObject({ active: true })
})
