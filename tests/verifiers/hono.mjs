import { Hono } from 'hono'
import { jwk } from 'hono/jwk'

export function createVerify({ issuer, audience, jwksUri, algorithm }) {
  const app = new Hono()
  app.use(jwk({ jwks_uri: jwksUri, alg: [algorithm], verification: { iss: issuer, aud: audience } }))
  app.get('/', (context) => context.json(context.get('jwtPayload')))
  return async (token) => {
    const response = await app.request('/', { headers: { Authorization: `Bearer ${token}` } })
    if (response.status !== 200) throw new Error(await response.text())
    return response.json()
  }
}
