import { openApiDocument } from '@hallpass/contracts'
import type { FastifyInstance } from 'fastify'
import type { KeyRing } from '../signing/key-ring.js'
import { type HttpResponse, writeResponse } from './response.js'
import { providerMetadata, serverMetadata } from './server-metadata.js'
import { encodeShared, type SharedBody, shareBody, shareLatest } from './shared-body.js'

type Ring = Pick<KeyRing, 'jwks' | 'algs'>

interface Deps {
  readonly issuer: () => string
  /** Undefined until the signing keys are known. */
  readonly keyRing: () => Ring | undefined
}

const documentSeconds = 300

/** Public documents. They need no database, so they are available even if it is down. */
export function registerDocuments(app: FastifyInstance, deps: Deps): void {
  const serve = (path: string, document: () => SharedBody | undefined) =>
    app.route({
      method: ['GET', 'HEAD'],
      url: path,
      handler: (request, reply) => {
        const shared = document()
        const known = shared && wholeAnswers.get(shared)
        // without a promise, which costs each request several turns of the microtask queue
        if (known) return writeResponse(request, reply, known)
        const answered = answer(shared, request.inbound.headers.get('accept-encoding'))
        return answered.then((made) => writeResponse(request, reply, made))
      },
    })
  const openApi = makeOnce((issuer) => shareBody(JSON.stringify(openApiDocument(issuer))))
  const serveFrom = (path: string, make: (ring: Ring, issuer: string) => object) => {
    const latest = shareLatest()
    let kept: { readonly keys: object; readonly issuer: string; readonly body: SharedBody } | undefined
    serve(path, () => {
      const ring = deps.keyRing()
      if (!ring) return undefined
      const [keys, issuer] = [ring.jwks(), deps.issuer()]
      // writing the document as JSON for each request took 6 % of a call
      if (kept?.keys !== keys || kept.issuer !== issuer)
        kept = { keys, issuer, body: latest(JSON.stringify(make(ring, issuer))) }
      return kept.body
    })
  }
  serveFrom('/.well-known/jwks.json', (ring) => ring.jwks())
  serveFrom('/.well-known/oauth-authorization-server', (ring, issuer) => serverMetadata(issuer, ring.algs()))
  serveFrom('/.well-known/openid-configuration', (ring, issuer) => providerMetadata(issuer, ring))
  serve('/openapi.json', () => openApi(deps.issuer()))
}

/** Documents that take long to make are kept as long as the issuer stays the same. */
function makeOnce<T>(make: (of: string) => T): (of: string) => T {
  let kept: { readonly of: string; readonly made: T } | undefined
  return (of) => {
    if (kept?.of !== of) kept = { of, made: make(of) }
    return kept.made
  }
}

/** The answers that don't depend on the request: those of short documents. Making them took a tenth of a call. */
const wholeAnswers = new WeakMap<SharedBody, HttpResponse>()

async function answer(document: SharedBody | undefined, acceptEncoding: string | undefined): Promise<HttpResponse> {
  const headers = { 'Content-Type': 'application/json', 'Access-Control-Allow-Origin': '*' }
  if (document === undefined) {
    const body = JSON.stringify({ error: 'temporarily_unavailable' })
    return { status: 503, headers: { ...headers, 'Cache-Control': 'no-store', 'Retry-After': '1' }, body }
  }
  const encoded = await encodeShared(document, acceptEncoding)
  const cached = { ...headers, ...encoded.headers, 'Cache-Control': `public, max-age=${documentSeconds}` }
  const made = { status: 200, headers: cached, body: encoded.body }
  if (!document.br) wholeAnswers.set(document, made)
  return made
}
