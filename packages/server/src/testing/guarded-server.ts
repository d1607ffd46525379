import { once } from 'node:events'
import type { RequestListener, Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { type ConnectionLimits, connectionLimits } from '../http/connections/connection-limits.js'
import { guardConnections } from '../http/connections/guard-connections.js'
import { isProxyOf } from '../http/connections/is-proxy.js'
import { takeTurns } from '../http/connections/take-turns.js'

/** Limits that a test reaches in less than a second. */
export const quick: ConnectionLimits = {
  ...connectionLimits,
  connections: 100,
  headersTimeout: 300,
  requestTimeout: 600,
  unreadTimeout: 400,
  lingerTimeout: 100,
  checkInterval: 50,
}

const open: Socket[] = []
let server: Server | undefined

/** Ends the server and every connection of a test. */
export async function closeAll(): Promise<void> {
  for (const socket of open.splice(0)) socket.destroy()
  server?.closeAllConnections()
  await new Promise((closed) => server?.close(closed) ?? closed(undefined))
  server = undefined
}

/** A server with these limits on a free port; {@link closeAll} ends it. */
export async function listen(
  handler: RequestListener,
  limits: Partial<ConnectionLimits> = {},
  trustProxy: Parameters<typeof isProxyOf>[0] = false,
): Promise<number> {
  const guard = guardConnections({
    turns: takeTurns(),
    limits: { ...quick, ...limits },
    isProxy: isProxyOf(trustProxy),
    log: { warn: () => {} },
  })
  server = guard.createServer(handler).listen(0, '0.0.0.0')
  server.on('clientError', (_error, socket: Socket) => guard.refuse(socket, '400 Bad Request'))
  await once(server, 'listening')
  // a server that listens on a port has an address of this type
  return (server.address() as AddressInfo).port
}

/** A connection from this address; {@link closeAll} ends it. */
export async function dial(port: number, localAddress = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress, allowHalfOpen: true })
  socket.on('error', () => {})
  open.push(socket)
  await once(socket, 'connect')
  return socket
}

/** Responds with the path. */
export const answer: RequestListener = (request, response) => {
  request.resume()
  response.end(request.url)
}
export const get = (path = '/') => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

/** Whether the server closes the connection within this time. */
export async function isEnded(socket: Socket, timeout = 10_000): Promise<boolean> {
  socket.resume()
  const ended = Promise.race([once(socket, 'end'), once(socket, 'close')]).catch(() => {})
  return Promise.race([ended.then(() => true), delay(timeout, false, { ref: false })])
}

/** Whether a caller gets a response on a new connection from this address. */
export async function isServed(port: number, localAddress?: string): Promise<boolean> {
  const socket = await dial(port, localAddress)
  socket.write(get())
  const served = await Promise.race([
    once(socket, 'data').then(([bytes]) => String(bytes).startsWith('HTTP/1.1 200')),
    once(socket, 'close').then(() => false),
  ]).catch(() => false)
  socket.destroy()
  return served
}

/** The number of connections that the server holds. */
export const connectionCount = () =>
  new Promise<number>((resolve) => server?.getConnections((_error, count) => resolve(count)))
