import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createGuard, createVerifier, type Guard, type GuardRefusal } from '@hallpass/client/verify'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { acme } from './support/fixtures/fixture.js'
import { type AssembledServer, assembleServer } from './support/servers/assembled-server.js'
import { acmeAt, fetchFrom, issuer } from './support/servers/resource-server.js'

type SessionGuard = Guard<'widget-session'>
type Send = (headers?: Record<string, string>) => Promise<Response>
/** A resource server that returns the caller's identity, and a way to call it. */
type ResourceServer = (guard: SessionGuard) => Promise<{ send: Send; stop: () => Promise<unknown> }>

const servers: Record<string, ResourceServer> = {
  fastify: async (guard) => {
    const app = fastify()
    app.get('/who', { onRequest: guard.fastify }, async (request) => ({ who: guard.claimsOf(request).sub }))
    const url = await app.listen({ host: '127.0.0.1', port: 0 })
    return { send: (headers = {}) => fetch(`${url}/who`, { headers }), stop: () => app.close() }
  },
  express: async (guard) => {
    const app = express()
    app.get('/who', guard.express, (request, response) => {
      response.json({ who: guard.claimsOf(request).sub })
    })
    return listen(createServer(app))
  },
  'node:http': async (guard) =>
    listen(
      createServer((request, response) =>
        guard.express(request, response, () => {
          response.end(JSON.stringify({ who: guard.claimsOf(request).sub }))
        }),
      ),
    ),
  hono: async (guard) => {
    const app = new Hono()
    app.use('/who', guard.hono)
    app.get('/who', (context) => context.json({ who: guard.claimsOf(context).sub }))
    return { send: async (headers = {}) => app.request('/who', { headers }), stop: async () => {} }
  },
  'a plain Request': async (guard) => ({
    send: async (headers = {}) => {
      const outcome = await guard.request(new Request('http://127.0.0.1/who', { headers }))
      return outcome.ok ? Response.json({ who: outcome.claims.sub }) : outcome.response
    },
    stop: async () => {},
  }),
}

async function listen(server: ReturnType<typeof createServer>): ReturnType<ResourceServer> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const stop = async () => {
    server.closeAllConnections()
    server.close()
  }
  return { send: (headers = {}) => fetch(`http://127.0.0.1:${port}/who`, { headers }), stop }
}

let issuerServer: AssembledServer
beforeAll(async () => {
  issuerServer = await assembleServer()
})
afterAll(() => issuerServer.stop())

const bearer = (token: string) => ({ Authorization: `Bearer ${token}` })

describe.each(Object.entries(servers))('the guard in %s', (_, start) => {
  let resource: Awaited<ReturnType<ResourceServer>>
  let isReachable = true
  const refusals: GuardRefusal[] = []
  beforeAll(async () => {
    isReachable = true
    const fetch: typeof globalThis.fetch = async (...request) => {
      if (!isReachable) throw new TypeError('fetch failed')
      return fetchFrom(issuerServer)(...request)
    }
    const { now } = issuerServer.clock
    const verifier = createVerifier({ issuer, kind: 'widget-session', account: acme.account, fetch, now })
    resource = await start(createGuard(verifier, { onRefused: (refusal) => refusals.push(refusal) }))
  })
  afterAll(() => resource.stop())

  test('accepts a valid token and identifies the visitor', async () => {
    const { token } = await acmeAt(issuerServer).guest()
    for (const Authorization of [`Bearer ${token}`, `bearer ${token}`, `BEARER  ${token}`]) {
      const response = await resource.send({ Authorization })
      expect([response.status, await response.json()]).toEqual([200, { who: decodeJwt(token).sub }])
    }
  })

  const responses: [string, () => Promise<Record<string, string>>, number, string, string | null, string][] = [
    [
      'no token',
      async () => ({}),
      401,
      '{"error":"token_required","error_description":"A token is required."}',
      'Bearer realm="widget-session"',
      'missing',
    ],
    [
      'another scheme',
      async () => ({ Authorization: 'Basic YTpi' }),
      400,
      '{"error":"invalid_request","error_description":"The Authorization header must contain one bearer token."}',
      'Bearer realm="widget-session", error="invalid_request", error_description="The Authorization header must contain one bearer token."',
      'invalid_request',
    ],
    [
      'two tokens',
      async () => ({ Authorization: 'Bearer a, Bearer b' }),
      400,
      '{"error":"invalid_request","error_description":"The Authorization header must contain one bearer token."}',
      'Bearer realm="widget-session", error="invalid_request", error_description="The Authorization header must contain one bearer token."',
      'invalid_request',
    ],
    [
      'a token of another kind',
      async () => bearer(await acmeAt(issuerServer).bridgeToken()),
      401,
      '{"error":"invalid_token","error_description":"The token is not valid."}',
      'Bearer realm="widget-session", error="invalid_token", error_description="The token is not valid."',
      'wrong_kind',
    ],
  ]
  test.each(responses)('%s: the response of RFC 6750', async (_, headers, status, body, challenge, reason) => {
    const response = await resource.send(await headers())
    expect(response.status).toBe(status)
    expect(response.headers.get('www-authenticate')).toBe(challenge)
    expect(response.headers.get('content-type')).toMatch(/^application\/json/)
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(await response.text()).toBe(body)
    expect(refusals.at(-1)?.reason).toBe(reason)
  })

  test('distinguishes an expired token from a revoked one, because widgets depend on it', async () => {
    const { token } = await acmeAt(issuerServer).guest()
    await acmeAt(issuerServer).revoke(token)
    issuerServer.clock.advance(30_000)
    const revoked = await resource.send(bearer(token))
    expect(revoked.headers.get('www-authenticate')).toContain(
      'error="invalid_token", error_description="The token was revoked."',
    )
    issuerServer.clock.advance(900_000)
    const expired = await resource.send(bearer(token))
    expect(expired.headers.get('www-authenticate')).toContain(
      'error="invalid_token", error_description="The token has expired."',
    )
  })

  test('503 with Retry-After while tokens cannot be verified', async () => {
    const { token } = await acmeAt(issuerServer).guest()
    expect((await resource.send(bearer(token))).status).toBe(200)
    isReachable = false
    issuerServer.clock.advance(400_000)
    const response = await resource.send(bearer(token))
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5'])
    expect(response.headers.get('www-authenticate')).toBeNull()
    expect(await response.text()).toBe(
      '{"error":"temporarily_unavailable","error_description":"Tokens cannot be verified at the moment."}',
    )
  })
})

test('claimsOf throws for a request that did not pass the guard', () => {
  const guard = createGuard(createVerifier({ issuer, kind: 'bridge', account: 'any' }))
  expect(() => guard.claimsOf(new Request('http://127.0.0.1/'))).toThrow('The request did not pass this guard.')
})
