import Hapi from '@hapi/hapi'
import Jwt from '@hapi/jwt'

export async function createVerify({ issuer, audience, jwksUri, algorithm }) {
  const server = Hapi.server()
  await server.register(Jwt)
  server.auth.strategy('hallpass', 'jwt', {
    keys: { uri: jwksUri, algorithms: [algorithm] },
    verify: { iss: issuer, aud: audience, sub: false, exp: true, nbf: false },
    validate: (artifacts) => ({ isValid: true, credentials: artifacts.decoded.payload }),
  })
  server.route({
    method: 'GET',
    path: '/',
    options: { auth: 'hallpass' },
    handler: (request) => request.auth.credentials,
  })
  await server.initialize()
  return async (token) => {
    const response = await server.inject({ url: '/', headers: { authorization: `Bearer ${token}` } })
    if (response.statusCode !== 200) throw new Error(response.payload)
    return JSON.parse(response.payload)
  }
}
