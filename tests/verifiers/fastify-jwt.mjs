import fastifyJwt from '@fastify/jwt'
import Fastify from 'fastify'
import buildGetJwks from 'get-jwks'

export async function createVerify({ issuer, audience, algorithm }) {
  const keys = buildGetJwks({ issuersWhitelist: [issuer] })
  const app = Fastify()
  await app.register(fastifyJwt, {
    decode: { complete: true },
    secret: (_request, { header, payload }) =>
      keys.getPublicKey({ kid: header.kid, alg: header.alg, domain: payload.iss }),
    verify: {
      algorithms: [algorithm],
      allowedIss: issuer,
      allowedAud: audience,
      requiredClaims: ['iss', 'aud', 'exp'],
    },
  })
  app.get('/', { onRequest: (request) => request.jwtVerify() }, (request) => request.user)
  return async (token) => {
    const response = await app.inject({ url: '/', headers: { authorization: `Bearer ${token}` } })
    if (response.statusCode !== 200) throw new Error(response.body)
    return response.json()
  }
}
