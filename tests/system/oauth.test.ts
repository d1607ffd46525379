import * as oauth from 'oauth4webapi'
import { beforeAll, describe, expect, test } from 'vitest'
import { acme, rival } from './support/fixtures/fixture.js'
import { mintBridgeToken, mintCardToken, mintEmbedTicket, mintGuest, mintUserToken } from './support/fixtures/mint.js'
import { withServer } from './support/servers/with-server.js'

const plainHttp = { [oauth.allowInsecureRequests]: true }
const client: oauth.Client = { client_id: 'backend' }

/** The secret key as a bearer token. */
const bearerAuth =
  (key: string): oauth.ClientAuth =>
  (_as, _client, _body, headers) =>
    headers.set('Authorization', `Bearer ${key}`)

const server = withServer()
let issuer: oauth.AuthorizationServer
beforeAll(async () => {
  const url = new URL(server.url)
  const response = await oauth.discoveryRequest(url, { algorithm: 'oauth2', ...plainHttp })
  issuer = await oauth.processDiscoveryResponse(url, response)
})

async function introspect(token: string, key: string = acme.key, auth = bearerAuth) {
  const response = await oauth.introspectionRequest(issuer, client, auth(key), token, plainHttp)
  return oauth.processIntrospectionResponse(issuer, client, response)
}

async function revoke(token: string, key: string = acme.key, auth = bearerAuth) {
  const response = await oauth.revocationRequest(issuer, client, auth(key), token, plainHttp)
  return oauth.processRevocationResponse(response)
}

const mintAll = async () => {
  const guest = await mintGuest(server)
  return {
    bridge: await mintBridgeToken(server),
    visitor: await mintUserToken(server),
    'widget-session': guest.token,
    'embed-ticket': await mintEmbedTicket(server),
    refresh: guest.refresh_token,
    card: await mintCardToken(server),
  }
}
const kinds = ['bridge', 'visitor', 'widget-session', 'embed-ticket', 'refresh', 'card'] as const

describe('oauth4webapi 3.8.8, unchanged', () => {
  test('discovers the server by its URL (RFC 8414)', () => {
    expect(issuer).toMatchObject({
      issuer: server.url,
      jwks_uri: `${server.url}/.well-known/jwks.json`,
      introspection_endpoint: `${server.url}/oauth2/introspect`,
      revocation_endpoint: `${server.url}/oauth2/revoke`,
    })
    expect(issuer.response_types_supported).toBeInstanceOf(Array)
  })

  test('discovers it as an OpenID provider too, with the algorithms of its keys', async () => {
    const response = await oauth.discoveryRequest(new URL(server.url), plainHttp)
    expect(new URL(response.url).pathname).toBe('/.well-known/openid-configuration')
    const provider = await oauth.processDiscoveryResponse(new URL(server.url), response)
    expect(provider).toMatchObject({ ...issuer, id_token_signing_alg_values_supported: ['ES256'] })
  })

  test('introspects and revokes with HTTP Basic, as the metadata says', async () => {
    for (const methods of [
      issuer.introspection_endpoint_auth_methods_supported,
      issuer.revocation_endpoint_auth_methods_supported,
    ])
      expect(methods).toContain('client_secret_basic')
    const token = await mintBridgeToken(server)
    expect(await introspect(token, acme.key, oauth.ClientSecretBasic)).toMatchObject({ active: true })
    expect(await revoke(token, acme.key, oauth.ClientSecretBasic)).toBeUndefined()
    expect(await introspect(token, acme.key, oauth.ClientSecretBasic)).toEqual({ active: false })
  })

  test('a wrong password of HTTP Basic is answered with both schemes', async () => {
    const error = await introspect('any', 'sk_test_unknown', oauth.ClientSecretBasic).catch((cause: unknown) => cause)
    expect(error).toMatchObject({
      status: 401,
      cause: [{ scheme: 'bearer' }, { scheme: 'basic', parameters: { realm: 'Hallpass' } }],
    })
  })

  test.each(kinds)('introspects a %s token as active, then revokes it (RFC 7662, RFC 7009)', async (kind) => {
    const token = (await mintAll())[kind]
    expect(await introspect(token)).toMatchObject({
      active: true,
      token_type: kind,
      iss: server.url,
      account_id: acme.account,
      sub: expect.any(String),
      aud: expect.any(String),
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
    })
    expect(await revoke(token)).toBeUndefined()
    expect(await introspect(token)).toEqual({ active: false })
  })

  test('a card token shows its card, type and tenant', async () => {
    expect(await introspect(await mintCardToken(server, 'GET_PIN'))).toMatchObject({
      card_id: acme.activeCard,
      widget_type: 'GET_PIN',
      tenant: '2_3',
    })
  })

  test('a session token revokes its session, including the refresh token', async () => {
    const { token, refresh_token } = await mintGuest(server)
    await revoke(token)
    expect(await introspect(refresh_token)).toEqual({ active: false })
  })

  test('a refresh token revokes its session, including the session token', async () => {
    const { token, refresh_token } = await mintGuest(server)
    await revoke(refresh_token)
    expect(await introspect(token)).toEqual({ active: false })
  })

  test.each(kinds)(
    "returns exactly {active: false} for another account's %s token, which stays active",
    async (kind) => {
      const token = (await mintAll())[kind]
      expect(await introspect(token, rival.key)).toEqual({ active: false })
      expect(await revoke(token, rival.key)).toBeUndefined()
      expect(await introspect(token)).toMatchObject({ active: true })
    },
  )

  test.each(['nonsense', 'a.b.c', '0b0319e2-d5f4-49cb-b426-9ff9b2e96969'])(
    'returns inactive for %s, which can be revoked without an error',
    async (token) => {
      expect(await introspect(token)).toEqual({ active: false })
      expect(await revoke(token)).toBeUndefined()
    },
  )

  test('accepts any token_type_hint, right or wrong, without effect', async () => {
    const token = await mintBridgeToken(server)
    for (const token_type_hint of ['access_token', 'refresh_token', 'nonsense']) {
      const additionalParameters = { token_type_hint }
      const response = await oauth.introspectionRequest(issuer, client, bearerAuth(acme.key), token, {
        additionalParameters,
        ...plainHttp,
      })
      expect(await oauth.processIntrospectionResponse(issuer, client, response)).toMatchObject({ active: true })
    }
  })

  test('401 with WWW-Authenticate: Bearer and invalid_client for an unknown key', async () => {
    const token = await mintBridgeToken(server)
    for (const attempt of [() => introspect(token, 'sk_test_unknown'), () => revoke(token, 'sk_test_unknown')]) {
      const error = await attempt().catch((cause: unknown) => cause)
      expect(error).toBeInstanceOf(oauth.WWWAuthenticateChallengeError)
      const { cause, response, status } = error as oauth.WWWAuthenticateChallengeError
      expect(status).toBe(401)
      expect(cause).toMatchObject([{ scheme: 'bearer' }])
      expect(response.headers.get('cache-control')).toBe('no-store')
    }
    const response = await server.postForm('/oauth2/introspect', { token }, { Authorization: 'Bearer sk_test_unknown' })
    expect(await response.json()).toEqual({ error: 'invalid_client', error_description: expect.any(String) })
  })

  test('403 insufficient_scope if the key lacks the scope', async () => {
    const token = await mintBridgeToken(server)
    expect(await introspect(token, acme.keyWithoutScopes)).toMatchObject({ active: true })
    await expect(revoke(token, acme.keyWithoutScopes)).rejects.toMatchObject({
      status: 403,
      error: 'insufficient_scope',
    })
    expect(await introspect(token)).toMatchObject({ active: true })
  })
})

describe('POST /oauth2/introspect', () => {
  test.each([
    ['no token', ''],
    ['an empty token', 'token='],
    ['two tokens', 'token=a&token=b'],
  ])('400 invalid_request for %s', async (_what, body) => {
    const type = { 'Content-Type': 'application/x-www-form-urlencoded' }
    for (const path of ['/oauth2/introspect', '/oauth2/revoke']) {
      const response = await server.postAsAcme(path, body, type)
      expect(response.status).toBe(400)
      expect(await response.json()).toEqual({ error: 'invalid_request', error_description: expect.any(String) })
    }
  })
})

test('other operations accept the secret key only as a bearer token', async () => {
  const headers = { Authorization: `Basic ${Buffer.from(`backend:${acme.key}`).toString('base64')}` }
  const response = await server.get('/v1/admin/customers', headers)
  expect(response.status).toBe(401)
  expect(response.headers.get('www-authenticate')).toBe('Bearer')
})
