import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, extname, join } from 'node:path'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import { matchesEtag } from './etag.js'
import { packagedFile } from './packaged-file.js'
import { writeResponse } from './response.js'
import { encodeShared, type SharedBody, shareBody } from './shared-body.js'
import { refuseRequest } from './unknown-routes.js'

/** A file of the console, with the headers of its kind. */
interface ConsoleFile {
  readonly body: SharedBody
  readonly headers: Readonly<Record<string, string>>
}

/** The document, which every address of the console gets, and what it loads, by name. */
interface Console {
  readonly page: ConsoleFile
  readonly assets: ReadonlyMap<string, ConsoleFile>
}

const types: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

// nothing inline, nothing from another origin, in no frame
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const pageHeaders = {
  'Content-Type': 'text/html; charset=utf-8',
  'Content-Security-Policy': policy,
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  // the names of its assets change with each release
  'Cache-Control': 'no-cache',
}

/** Whether the console is served, and from where. */
export interface ConsoleOptions {
  readonly isServed: boolean
  /** Replaces the built console. */
  readonly folder: string | undefined
}

/** `GET /console`: the operator's console, which calls the admin API of this origin. */
export function registerConsole(app: FastifyInstance, { isServed, folder }: ConsoleOptions): void {
  let loaded: Console | undefined
  const load = () => {
    if (isServed) loaded ??= loadConsole(folder)
    return loaded
  }
  const method = ['GET', 'HEAD']
  const servePage = (request: FastifyRequest, reply: FastifyReply) => send(request, reply, load()?.page)
  app.route({ method, url: '/console', handler: servePage })
  app.route({ method, url: '/console/*', handler: servePage })
  app.route<{ Params: { name: string } }>({
    method,
    url: '/console/assets/:name',
    handler: (request, reply) => send(request, reply, load()?.assets.get(request.params.name)),
  })
}

async function send(request: FastifyRequest, reply: FastifyReply, file: ConsoleFile | undefined) {
  if (!file) return refuseRequest(request, reply, new HallpassError('not_found', messages.nothingAtPath))
  const encoded = await encodeShared(file.body, request.inbound.headers.get('accept-encoding'))
  const isKnown = matchesEtag(request.inbound.headers.get('if-none-match'), file.body.etag)
  const headers = { ...encoded.headers, ...file.headers, ETag: encoded.etag }
  return writeResponse(request, reply, { status: isKnown ? 304 : 200, headers, body: encoded.body })
}

/** Undefined if the console was not built. Only the files that are there now can be requested. */
function loadConsole(folder = builtFolder()): Console | undefined {
  if (folder === undefined || !existsSync(join(folder, 'index.html'))) return undefined
  const assets = readdirSync(join(folder, 'assets')).map((name) => {
    const headers = {
      'Content-Type': types[extname(name)] ?? 'application/octet-stream',
      'Cache-Control': 'public, max-age=31536000, immutable',
      'Cross-Origin-Resource-Policy': 'same-origin',
    }
    return [name, { body: shareBody(readFileSync(join(folder, 'assets', name))), headers }] as const
  })
  const page = { body: shareBody(readFileSync(join(folder, 'index.html'))), headers: pageHeaders }
  return { page, assets: new Map(assets) }
}

/** The copy in this package, or without a build that of the development dependency. */
function builtFolder(): string | undefined {
  try {
    return dirname(packagedFile('./console/index.html', '@hallpass/console/page'))
  } catch {
    return undefined
  }
}
