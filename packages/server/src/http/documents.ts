import { openApiDocument } from '@hallpass/contracts'
import type { FastifyInstance } from 'fastify'
import type { KeyRing } from '../signing/key-ring.js'
import { writeResponse } from './response.js'

interface Needs {
  readonly issuer: () => string
  readonly keyRing: Pick<KeyRing, 'jwks'>
}

const jwksSeconds = 300

/** Public documents: they need no database, so they answer also when it is gone. */
export function registerDocuments(app: FastifyInstance, needs: Needs): void {
  const serve = (path: string, document: () => unknown) =>
    app.route({
      method: ['GET', 'HEAD'],
      url: path,
      handler: async (request, reply) =>
        writeResponse(request, reply, {
          status: 200,
          headers: {
            'Content-Type': 'application/json',
            'Cache-Control': `public, max-age=${jwksSeconds}`,
            'Access-Control-Allow-Origin': '*',
          },
          body: JSON.stringify(document()),
        }),
    })
  serve('/.well-known/jwks.json', () => needs.keyRing.jwks())
  serve('/.well-known/oauth-authorization-server', () => serverMetadata(needs.issuer()))
  serve('/openapi.json', () => openApiDocument(needs.issuer()))
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
