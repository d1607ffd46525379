import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

/** A request that a faulty server received. */
export interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** A response that a faulty server gives. */
export interface Given {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Changes how a server responds. `forward` passes the request, or another one, to the real server. */
export type Fault = (seen: Seen, forward: (changed?: Partial<Seen>) => Promise<Given>) => Promise<Given> | Given

/** A server in front of another one, with one fault. */
export interface FaultyServer {
  readonly url: string
  readonly seen: { readonly request: Seen; readonly given: Given }[]
  readonly stop: () => Promise<void>
}

const hopByHop = new Set([
  'connection',
  'content-length',
  'host',
  'transfer-encoding',
  'keep-alive',
  'content-encoding',
])

export async function startFaultyServer(target: string, fault: Fault): Promise<FaultyServer> {
  const seen: FaultyServer['seen'] = []
  const server = createServer(async (incoming, outgoing) => {
    const headers = Object.entries(incoming.headers).flatMap(([name, value]) =>
      typeof value === 'string' && !hopByHop.has(name) ? [[name, value] as const] : [],
    )
    const { method = 'GET', url: path = '/' } = incoming
    const request: Seen = { method, path, headers: Object.fromEntries(headers), body: await text(incoming) }
    const given = await fault(request, (changed) => forward(target, { ...request, ...changed }))
    seen.push({ request, given })
    outgoing.writeHead(given.status, given.headers).end(given.body)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const stop = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  // the server listens on a port
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen, stop }
}

async function forward(target: string, { method, path, headers, body }: Seen): Promise<Given> {
  const response = await fetch(target + path, { method, headers, ...(body === '' ? {} : { body }) })
  const kept = [...response.headers].filter(([name]) => !hopByHop.has(name))
  return { status: response.status, headers: Object.fromEntries(kept), body: await response.text() }
}
