import { once } from 'node:events'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A page or a script, by host name and path. */
export interface Resource {
  readonly body: string
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** A server for several sites, distinguished by the Host header. */
export interface Sites {
  /** The origin of a site, such as `http://shop.test:41234`. */
  readonly origin: (name: string) => string
  /** Serves a resource on a site, or on all sites if `name` is undefined. */
  readonly serve: (name: string | undefined, path: string, resource: Resource) => void
  /** Forwards requests for a path to a server under test. */
  readonly handle: (name: string, path: string, listener: RequestListener) => void
  readonly stop: () => Promise<void>
}

export async function serveSites(): Promise<Sites> {
  const resources = new Map<string, Resource>()
  const listeners = new Map<string, RequestListener>()
  const server = createServer((request, response) => {
    const { path, name } = targetOf(request)
    const listener = listeners.get(`${name} ${path}`)
    if (listener) return listener(request, response)
    const found = resources.get(`${name} ${path}`) ?? resources.get(`* ${path}`)
    const { body = 'Not found.', type = 'text/html; charset=utf-8', headers = {} } = found ?? {}
    response.writeHead(found ? 200 : 404, { 'Content-Type': type, ...headers }).end(body)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    origin: (name) => `http://${name}:${port}`,
    serve: (name = '*', path, resource) => void resources.set(`${name} ${path}`, resource),
    handle: (name, path, listener) => void listeners.set(`${name} ${path}`, listener),
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function targetOf({ headers, url = '/' }: IncomingMessage) {
  return { path: url.split('?')[0], name: (headers.host ?? '').replace(/:\d+$/, '') }
}
