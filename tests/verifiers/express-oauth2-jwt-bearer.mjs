import { once } from 'node:events'
import express from 'express'
import { auth } from 'express-oauth2-jwt-bearer'

export async function createVerify({ issuer, audience, jwksUri, algorithm }) {
  const app = express()
  app.use(auth({ issuer, audience, jwksUri, tokenSigningAlg: algorithm, strict: true }))
  app.get('/', (request, response) => response.json(request.auth.payload))
  app.use((error, _request, response, _next) => response.status(error.status ?? 500).json({ message: error.message }))
  const server = app.listen(0, '127.0.0.1').unref()
  await once(server, 'listening')
  return async (token) => {
    const url = `http://127.0.0.1:${server.address().port}/`
    const response = await fetch(url, { headers: { Authorization: `Bearer ${token}`, Connection: 'close' } })
    if (response.status !== 200) throw new Error(await response.text())
    return response.json()
  }
}
