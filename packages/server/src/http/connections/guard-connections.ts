import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { Logger } from 'pino'
import {
  addRequest,
  bytesPerRequest,
  type Connection,
  heldBytes,
  isAtWork,
  openConnection,
  unreadFor,
} from './connection.js'
import type { ConnectionLimits } from './connection-limits.js'
import type { Turns } from './take-turns.js'

interface Deps {
  readonly limits: ConnectionLimits
  /** Whether this address is a proxy, whose connections come from many callers. */
  readonly isProxy: (address: string) => boolean
  readonly turns: Turns
  readonly log: Pick<Logger, 'warn'>
}

/** Keeps a server's connections within their limits. */
export interface Guard {
  readonly createServer: (handler: RequestListener) => Server
  /** Refuses something that can't be parsed as a request, with one status line. */
  readonly refuse: (socket: Socket, status: string) => void
}

/**
 * Keeps each connection, and all of them together, within {@link ConnectionLimits}, so that no peer can deny service to
 * the others: not with many requests at once, not by sending or reading slowly, and not with many connections.
 */
export function guardConnections(deps: Deps): Guard {
  const connections = new Map<Socket, Connection>()
  const { limits, turns } = deps
  return {
    createServer(handler) {
      const server = createServer(optionsOf(limits), (request, response) => {
        track(deps, connections, response)
        if (isWithoutHost(request)) response.writeHead(400, { Connection: 'close' }).end()
        else handler(request, response)
      })
      // Node would answer this one without an event, and it must be counted
      server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => {
        track(deps, connections, response)
        response.writeHead(417).end()
      })
      server.maxConnections = limits.connections
      server.on('connection', (socket) => {
        makeRoom(deps, connections)
        connections.set(socket, openConnection(socket, limits, turns))
        socket.once('close', () => connections.delete(socket))
      })
      // a server that never listens is never closed either, and would be kept in memory
      server.once('listening', () => {
        const timer = setInterval(() => check(deps, connections), limits.checkInterval).unref()
        server.once('close', () => clearInterval(timer))
      })
      return server
    },
    refuse(socket, status) {
      const connection = connections.get(socket)
      connection?.reader.stop()
      // in the middle of a response, a second one would be taken for a part of it
      const hasBegun = [...(connection?.unanswered ?? [])].some(({ headersSent }) => headersSent)
      if (hasBegun || !socket.writable) return void socket.destroy()
      socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
      // the peer may never close its side
      setTimeout(() => socket.destroy(), limits.lingerTimeout).unref()
    },
  }
}

function optionsOf({ headersTimeout, requestTimeout, keepAliveTimeout, checkInterval }: ConnectionLimits) {
  return {
    // Node must get both here, together: if the first is larger, it silently swaps them when it checks them, and its
    // default for the first is 60 s, whatever the second is set to later
    headersTimeout,
    requestTimeout,
    // Node enforces both only when it checks connections, by default every 30 s
    connectionsCheckingInterval: checkInterval,
    keepAliveTimeout,
    // such a request is refused here, so that it is counted
    requireHostHeader: false,
  }
}

/** RFC 9112 section 3.2: HTTP/1.1 requires it. */
const isWithoutHost = ({ httpVersion, headers }: IncomingMessage) => httpVersion === '1.1' && headers.host === undefined

function track(deps: Deps, connections: ReadonlyMap<Socket, Connection>, response: ServerResponse): void {
  const { socket } = response.req
  const connection = connections.get(socket)
  if (connection) addRequest(connection, response)
  // a flood may arrive between two checks
  if (connection && connection.unanswered.size % deps.limits.unansweredRequests === 0) {
    let requests = 0
    for (const { unanswered } of connections.values()) requests += unanswered.size
    if (requests * bytesPerRequest > deps.limits.heldBytes) shed(deps, connections)
  }
}

function check(deps: Deps, connections: ReadonlyMap<Socket, Connection>): void {
  const now = performance.now()
  for (const connection of connections.values()) {
    if (unreadFor(connection, now) >= deps.limits.unreadTimeout) end(connection)
  }
  shed(deps, connections)
}

/** If all connections use too much memory, closes those that use the most until a quarter of the limit is free. */
function shed({ limits, log }: Deps, connections: ReadonlyMap<Socket, Connection>): void {
  const held = [...connections.values()].map((connection) => ({ connection, bytes: heldBytes(connection) }))
  let total = held.reduce((sum, { bytes }) => sum + bytes, 0)
  if (total <= limits.heldBytes) return
  const before = total
  let ended = 0
  for (const { connection, bytes } of held.sort((one, two) => two.bytes - one.bytes)) {
    if (total <= limits.heldBytes * 0.75) break
    end(connection)
    total -= bytes
    ended++
  }
  log.warn(
    { held: before, allowed: limits.heldBytes, ended },
    'Connections used too much memory. The largest were closed.',
  )
}

/**
 * If nearly all connections are taken, closes those that the server isn't working for: first those of the address that
 * has the most, then the oldest. So an address that takes them all loses them, and the next caller is served.
 */
function makeRoom({ limits, isProxy, log }: Deps, connections: ReadonlyMap<Socket, Connection>): void {
  const reserve = Math.ceil(limits.connections / 16)
  if (connections.size < limits.connections - reserve) return
  const now = performance.now()
  const counts = new Map<string, number>()
  for (const { address } of connections.values()) counts.set(address, (counts.get(address) ?? 0) + 1)
  // a proxy has many connections because it has many callers
  const shareOf = ({ address }: Connection) => (isProxy(address) ? 1 : (counts.get(address) ?? 0))
  const waiting = [...connections.values()].filter((connection) => !isAtWork(connection, now))
  waiting.sort((one, two) => shareOf(two) - shareOf(one) || one.settledAt - two.settledAt)
  const ended = waiting.slice(0, reserve)
  if (ended.length === 0) return
  for (const connection of ended) end(connection)
  log.warn(
    { connections: connections.size, allowed: limits.connections, ended: ended.length },
    'Too many connections. Idle ones were closed.',
  )
}

/** With a reset, so that the system drops the data it still has to send. */
function end({ socket }: Connection): void {
  if (!socket.destroyed) socket.resetAndDestroy()
}
