import type { TokenAlg } from '@hallpass/contracts'
import type { KeyRing } from '../signing/key-ring.js'

/** RFC 8414. The token endpoint takes the tokens of a customer's identity provider only (RFC 8693). */
export function serverMetadata(issuer: string, algs: readonly TokenAlg[]) {
  const authentication = ['client_secret_basic', 'Bearer']
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    token_endpoint: `${issuer}/oauth2/token`,
    // a page has only its client key, and its Origin
    token_endpoint_auth_methods_supported: ['none'],
    introspection_endpoint: `${issuer}/oauth2/introspect`,
    introspection_endpoint_auth_methods_supported: authentication,
    // RFC 9701 section 7
    introspection_signing_alg_values_supported: algs,
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
export function providerMetadata(issuer: string, ring: Pick<KeyRing, 'algs' | 'jwks'>) {
  const { keys } = ring.jwks()
  return {
    ...serverMetadata(issuer, ring.algs()),
    subject_types_supported: ['public'],
    id_token_signing_alg_values_supported: [...new Set(keys.map(({ alg }) => alg))],
  }
}
