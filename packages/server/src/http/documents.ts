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
  const serve = (path: string, document: () => string | undefined) =>
    app.route({
      method: ['GET', 'HEAD'],
      url: path,
      handler: async (request, reply) => writeResponse(request, reply, answer(document())),
    })
  const openApi = makeOnce((issuer) => JSON.stringify(openApiDocument(issuer)))
  serve('/.well-known/jwks.json', () => {
    const keys = needs.jwks()
    return keys && JSON.stringify(keys)
  })
  serve('/.well-known/oauth-authorization-server', () => JSON.stringify(serverMetadata(needs.issuer())))
  serve('/openapi.json', () => openApi(needs.issuer()))
}

/** What is long in the making, kept for as long as it is of the same. */
function makeOnce(make: (of: string) => string): (of: string) => string {
  let kept: { readonly of: string; readonly made: string } | undefined
  return (of) => {
    if (kept?.of !== of) kept = { of, made: make(of) }
    return kept.made
  }
}

function answer(document: string | undefined): HttpResponse {
  const headers = { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' }
  if (document === undefined) {
    const body = JSON.stringify({ error: 'temporarily_unavailable' })
    return { status: 503, headers: { ...headers, 'Cache-Control': 'no-store', 'Retry-After': '1' }, body }
  }
  const cached = { ...headers, 'Cache-Control': `public, max-age=${documentSeconds}` }
  return { status: 200, headers: cached, body: document }
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
