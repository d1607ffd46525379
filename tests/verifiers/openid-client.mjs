import * as client from 'openid-client'

/** Introspection with HTTP Basic: the secret key is the password, and the user name can be anything. */
export async function createVerify({ issuer, audience, secretKey }) {
  const options = issuer.startsWith('http:') ? { execute: [client.allowInsecureRequests] } : undefined
  const config = await client.discovery(
    new URL(issuer),
    'gateway',
    undefined,
    client.ClientSecretBasic(secretKey),
    options,
  )
  return async (token) => {
    const claims = await client.tokenIntrospection(config, token)
    if (!claims.active || claims.aud !== audience) throw new Error('inactive')
    return claims
  }
}
