import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import type { FastifyInstance } from 'fastify'
import { matchesEtag } from './etag.js'
import { writeResponse } from './response.js'
import { encodeShared, type SharedBody, shareBody } from './shared-body.js'

const require = createRequire(import.meta.url)

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
      script ??= shareBody(readFileSync(scriptFile()))
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

/** The build copies the script beside this module. Without a build, the client's package has it. */
function scriptFile(): string {
  const copy = fileURLToPath(new URL('./embed.iife.js', import.meta.url))
  return existsSync(copy) ? copy : require.resolve('@hallpass/client/embed.iife.js')
}
