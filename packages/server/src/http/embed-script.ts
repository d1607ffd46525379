import { readFileSync } from 'node:fs'
import type { FastifyInstance } from 'fastify'
import { matchesEtag } from './etag.js'
import { packagedFile } from './packaged-file.js'
import { writeResponse } from './response.js'
import { encodeShared, type SharedBody, shareBody } from './shared-body.js'

/** Where the script tag for pages without modules is served. */
export const embedScriptPath = '/embed.js'

/** Short, because the script changes with each release and its URL does not. Browsers then ask with the ETag. */
const cacheSeconds = 300
const staleSeconds = 86_400

/** `GET /embed.js`: the script of `@hallpass/client/embed.iife.js`. Pages of any origin can load it, also with `integrity`. */
export function registerEmbedScript(app: FastifyInstance): void {
  let script: SharedBody | undefined
  app.route({
    method: ['GET', 'HEAD'],
    url: embedScriptPath,
    handler: async (request, reply) => {
      script ??= shareBody(readFileSync(packagedFile('./embed.iife.js', '@hallpass/client/embed.iife.js')))
      const encoded = await encodeShared(script, request.inbound.headers.get('accept-encoding'))
      const headers = {
        ...encoded.headers,
        ETag: encoded.etag,
        'Content-Type': 'text/javascript; charset=utf-8',
        'Cache-Control': `public, max-age=${cacheSeconds}, stale-while-revalidate=${staleSeconds}`,
        'Access-Control-Allow-Origin': '*',
        'Cross-Origin-Resource-Policy': 'cross-origin',
      }
      const isKnown = matchesEtag(request.inbound.headers.get('if-none-match'), script.etag)
      return writeResponse(request, reply, { status: isKnown ? 304 : 200, headers, body: encoded.body })
    },
  })
}
