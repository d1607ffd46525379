import { openApiDocument } from '@hallpass/contracts'
import type { FastifyInstance } from 'fastify'
import type { KeyRing } from '../signing/key-ring.js'
import { type HttpResponse, writeResponse } from './response.js'

interface Needs {
  readonly issuer: () => string
  /** Undefined while the signing keys are not known yet. */
  readonly jwks: () => ReturnType<KeyRing['jwks']> | undefined
}

const documentSeconds = 300

/** Public documents: they need no database, so they answer also when it is gone. */
export function registerDocuments(app: FastifyInstance, needs: Needs): void {
  const serve = (path: string, document: () => unknown) =>
    app.route({
      method: ['GET', 'HEAD'],
      url: path,
      handler: async (request, reply) => writeResponse(request, reply, answer(document())),
    })
  serve('/.well-known/jwks.json', needs.jwks)
  serve('/.well-known/oauth-authorization-server', () => serverMetadata(needs.issuer()))
  serve('/openapi.json', () => openApiDocument(needs.issuer()))
}

function answer(document: unknown): HttpResponse {
  const headers = { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' }
  if (document === undefined) {
    const body = JSON.stringify({ error: 'temporarily_unavailable' })
    return { status: 503, headers: { ...headers, 'Cache-Control': 'no-store', 'Retry-After': '1' }, body }
  }
  const cached = { ...headers, 'Cache-Control': `public, max-age=${documentSeconds}` }
  return { status: 200, headers: cached, body: JSON.stringify(document) }
}

/** RFC 8414. Tokens are minted by the operations, not by grants, so there is no token endpoint to name. */
function serverMetadata(issuer: string) {
  return {
    issuer,
    jwks_uri: `${issuer}/.well-known/jwks.json`,
    introspection_endpoint: `${issuer}/oauth2/introspect`,
    introspection_endpoint_auth_methods_supported: ['Bearer'],
    revocation_endpoint: `${issuer}/oauth2/revoke`,
    revocation_endpoint_auth_methods_supported: ['Bearer'],
    response_types_supported: [],
    grant_types_supported: [],
  }
}
