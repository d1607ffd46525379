import jwt from 'jsonwebtoken'
import jwksClient from 'jwks-rsa'

export function createVerify({ issuer, audience, jwksUri, algorithm }) {
  const client = jwksClient({ jwksUri, cache: true, rateLimit: true })
  return async (token) => {
    const { header } = jwt.decode(token, { complete: true }) ?? {}
    const key = await client.getSigningKey(header?.kid)
    return jwt.verify(token, key.getPublicKey(), { issuer, audience, algorithms: [algorithm] })
  }
}
