import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { isIPv6 } from 'node:net'
import { FailedError } from '../../errors.js'
import { answerApi } from './answer-api.js'
import { findPage } from './find-page.js'

interface WidgetsOptions {
  readonly host: string
  readonly port: number
  readonly hallpassUrl: string
  /** Whether requests may name any host. */
  readonly expose: boolean
}

/** The sample widgets on an origin of their own. */
export interface Widgets {
  readonly url: string
  /** The origins that the server must know as those of widgets. */
  readonly origins: readonly string[]
  readonly close: () => void
}

/** Serves a chat widget at `/chat` and the bridge widget at the URLs of its official clients. */
export async function serveWidgets(options: WidgetsOptions): Promise<Widgets> {
  const { host, port } = options
  const server = createServer((request, response) => {
    answer(request, response, options).catch(() => {
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new FailedError(
          `hallpass: The sample widgets can't use port ${port}: ${cause.message}. Set another --widgets.`,
          {
            cause,
          },
        ),
      ),
    )
    server.listen({ host, port }, resolve)
  })
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
  const url = `http://${isIPv6(name) ? `[${name}]` : name}:${port}`
  return {
    url,
    origins: [...new Set([url, `http://127.0.0.1:${port}`, `http://localhost:${port}`])],
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, options: WidgetsOptions): Promise<void> {
  // a page whose name resolves to this machine would send that name
  if (!options.expose && !isLocal(request.headers.host)) {
    return send(response, 421, { error: 'These widgets are served to localhost only.' })
  }
  const url = new URL(request.url ?? '/', 'http://widgets.invalid')
  if (request.method === 'POST') {
    const { origin, host } = request.headers
    if (origin !== `http://${host}`) return send(response, 403, { error: 'This API is for its own pages.' })
    const { status, body } = await answerApi(request, url.pathname, options.hallpassUrl)
    return send(response, status, body)
  }
  const page = findPage(url, options.hallpassUrl)
  if (!page) return send(response, 404, { error: `Nothing is served at ${url.pathname}.` })
  response.writeHead(200, { ...commonHeaders, 'Content-Type': page.type, 'Content-Security-Policy': page.policy })
  response.end(request.method === 'HEAD' ? undefined : page.body)
}

const isLocal = (host = '') => /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/.test(host)

const commonHeaders = {
  'Cache-Control': 'no-store',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { ...commonHeaders, 'Content-Type': 'application/json' })
  response.end(JSON.stringify(body))
}
