import type { KeyRing } from '../signing/key-ring.js'

/** RFC 8414. The token endpoint takes the tokens of a customer's identity provider only (RFC 8693). */
export function serverMetadata(issuer: string) {
  const authentication = ['client_secret_basic', 'Bearer']
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    token_endpoint: `${issuer}/oauth2/token`,
    // a page has only its client key, and its Origin
    token_endpoint_auth_methods_supported: ['none'],
    introspection_endpoint: `${issuer}/oauth2/introspect`,
    introspection_endpoint_auth_methods_supported: authentication,
    revocation_endpoint: `${issuer}/oauth2/revoke`,
    revocation_endpoint_auth_methods_supported: authentication,
    response_types_supported: [],
    grant_types_supported: ['urn:ietf:params:oauth:grant-type:token-exchange'],
  }
}

/**
 * OpenID Connect Discovery 1.0, for clients and gateways that look for the keys only there. Many accept just the listed
 * algorithms.
 */
export function providerMetadata(issuer: string, { keys }: ReturnType<KeyRing['jwks']>) {
  return {
    ...serverMetadata(issuer),
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...new Set(keys.map(({ alg }) => alg))],
  }
}
