import { generateKeyPairSync } from 'node:crypto'
import Provider from 'oidc-provider'

/* oidc-provider, everything in memory: client credentials, for a signed JWT or an opaque token. */
const { privateKey } = generateKeyPairSync('ed25519')
const key = { ...privateKey.export({ format: 'jwk' }), alg: 'EdDSA', use: 'sig', kid: '1' }
const resources = { 'https://jwt.example': 'jwt', 'https://opaque.example': 'opaque' }

const provider = new Provider('http://127.0.0.1', {
  clients: [
    {
      client_id: 'bench',
      client_secret: 'secret',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      token_endpoint_auth_method: 'client_secret_basic',
      id_token_signed_response_alg: 'EdDSA',
    },
  ],
  jwks: { keys: [key] },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true, allowedPolicy: () => true },
    revocation: { enabled: true },
    resourceIndicators: {
      enabled: true,
      getResourceServerInfo: (_, resource) => ({
        scope: 'bench',
        audience: resource,
        accessTokenTTL: 900,
        accessTokenFormat: resources[resource],
        jwt: { sign: { alg: 'EdDSA' } },
      }),
    },
  },
})
const server = provider.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${server.address().port}\n`)
})
