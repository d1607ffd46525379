import { JwtVerifier } from 'aws-jwt-verify'

export async function createVerify({ issuer, audience, jwksUri }) {
  const verifier = JwtVerifier.create({ issuer, audience, jwksUri })
  // it fetches keys over HTTPS by itself; without HTTPS, give it the keys
  if (!jwksUri.startsWith('https:')) verifier.cacheJwks(await (await fetch(jwksUri)).json())
  return (token) => verifier.verify(token)
}
