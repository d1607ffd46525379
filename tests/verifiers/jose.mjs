import { createRemoteJWKSet, jwtVerify } from 'jose'

export function createVerify({ issuer, audience, jwksUri, algorithm }) {
  const keys = createRemoteJWKSet(new URL(jwksUri))
  return async (token) => {
    const { payload } = await jwtVerify(token, keys, { issuer, audience, algorithms: [algorithm], typ: 'at+jwt' })
    return payload
  }
}
