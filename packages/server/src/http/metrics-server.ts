import { once } from 'node:events'
import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Logger } from 'pino'
import { messages } from '../error-messages.js'
import type { ConnectionLimits } from './connections/connection-limits.js'
import { guardConnections } from './connections/guard-connections.js'
import { takeTurns } from './connections/take-turns.js'
import { metricsHeaders, metricsPath } from './metrics.js'
import { type MetricsPolicy, refuseMetrics } from './metrics-access.js'

interface Deps {
  readonly metrics: { readonly read: () => Promise<string> }
  readonly token: string | undefined
  readonly connectionLimits: ConnectionLimits
  readonly log: Pick<Logger, 'warn'>
}

export interface MetricsServer {
  readonly url: string
  readonly close: () => Promise<void>
}

/** Serves the metrics on their own port, so that a firewall or network policy can restrict it to collectors. */
export async function serveMetrics(deps: Deps, address: string, port: number): Promise<MetricsServer> {
  const guard = guardConnections({
    limits: deps.connectionLimits,
    isProxy: () => false,
    turns: takeTurns(),
    log: deps.log,
  })
  // no proxy forwards requests to this port, so a public URL doesn't matter here
  const policy = { token: deps.token, trustLoopback: true }
  const server = guard.createServer((request, response) => void answer(deps, policy, request, response))
  // every connection of this server is a TCP connection
  server.on('clientError', (_error, socket) => guard.refuse(socket as Socket, '400 Bad Request'))
  server.listen(port, address)
  await once(server, 'listening')
  return { url: urlOf(server), close: () => close(server) }
}

async function answer(
  { metrics, log }: Deps,
  policy: MetricsPolicy,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { status, headers, body } = await responseTo(request, metrics, policy).catch((cause: unknown) => {
    log.warn({ cause }, 'The metrics could not be read.')
    return refusal(503, messages.metricsUnavailable)
  })
  response.writeHead(status, { 'X-Content-Type-Options': 'nosniff', ...headers, 'Content-Length': body.length })
  response.end(body)
}

async function responseTo(request: IncomingMessage, metrics: Deps['metrics'], policy: MetricsPolicy) {
  if (request.url?.split('?', 1)[0] !== metricsPath) return refusal(404, messages.nothingAtPath)
  const { headersDistinct } = request
  const headers = {
    get: (name: string) => headersDistinct[name]?.[0],
    count: (name: string) => headersDistinct[name]?.length ?? 0,
  }
  const reason = refuseMetrics(policy, { remoteAddress: request.socket.remoteAddress, headers })
  if (reason === 'not_found') return refusal(404, messages.nothingAtPath)
  if (reason === 'unauthenticated') {
    return refusal(401, messages.invalidMetricsToken, { 'WWW-Authenticate': 'Bearer' })
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refusal(405, messages.allowedMethods('GET, HEAD'), { Allow: 'GET, HEAD' })
  }
  return { status: 200, headers: metricsHeaders, body: Buffer.from(await metrics.read()) }
}

function refusal(status: number, text: string, more: Readonly<Record<string, string>> = {}) {
  const headers = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store', ...more }
  return { status, headers, body: Buffer.from(text) }
}

function urlOf(server: Server): string {
  // a server that listens on a port has an address of this type
  const { address, family, port } = server.address() as AddressInfo
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}

async function close(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
