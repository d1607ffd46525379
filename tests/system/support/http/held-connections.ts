import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { guardSocketIo, holdEventStream, holdWebSocket } from '@hallpass/client/hold'
import { createVerifier, type VerifierOptions } from '@hallpass/client/verify'
import { Server as SocketIoServer } from 'socket.io'
import { io } from 'socket.io-client'
import { WebSocket, WebSocketServer } from 'ws'
import { acme } from '../fixtures/fixture.js'

/** How and when a client's connection ended (`performance.now()`). */
export interface Ended {
  readonly how: unknown
  readonly at: number
}

/** A connection that a client has opened with a token. */
export interface OpenConnection {
  readonly ended: Promise<Ended>
  readonly isOpen: () => boolean
  readonly close: () => void
}

/** A resource server with a WebSocket, a Socket.IO and a Server-Sent Events endpoint, each held with a token. */
export async function startHeldServer(
  options: Partial<VerifierOptions<'widget-session'>> & { readonly issuer: string },
) {
  const verifier = createVerifier({ kind: 'widget-session', account: acme.account, ...options })
  const server = createServer(async (request, response) => {
    if (!request.url?.startsWith('/events')) return
    const held = await verifier.hold(tokenIn(request.url))
    if (!held.ok) return void response.writeHead(401).end()
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).flushHeaders()
    holdEventStream(response satisfies ServerResponse, held)
  })
  const sockets = new WebSocketServer({ noServer: true })
  const guard = guardSocketIo(verifier)
  const socketIo = new SocketIoServer(server, { transports: ['websocket'] }).use(guard.middleware)
  server.on('upgrade', async (request, socket, head) => {
    if (!request.url?.startsWith('/socket?')) return
    const held = await verifier.hold(tokenIn(request.url))
    if (!held.ok) return void socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      webSocket.on('message', async (message) => {
        const renewed = await held.renew(String(message))
        webSocket.send(renewed.ok ? 'renewed' : renewed.reason)
      })
      holdWebSocket(webSocket, held)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  // a server that listens on a port has an address of this type
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stop = async () => {
    for (const socket of sockets.clients) socket.terminate()
    await socketIo.close()
    server.closeAllConnections()
  }
  return { url, verifier, guard, stop }
}

const tokenIn = (url: string) => new URL(url, 'http://host').searchParams.get('token') ?? undefined

export async function openWebSocket(
  url: string,
  token: string,
): Promise<OpenConnection & { send: (text: string) => Promise<string> }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/socket?token=${token}`)
  const ended = new Promise<Ended>((resolve) =>
    socket.once('close', (code, reason) => resolve({ how: [code, String(reason)], at: performance.now() })),
  )
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  return {
    ended,
    isOpen: () => socket.readyState === WebSocket.OPEN,
    close: () => socket.close(),
    send: (text) =>
      new Promise((resolve) => {
        socket.once('message', (message) => resolve(String(message)))
        socket.send(text)
      }),
  }
}

export async function openSocketIo(url: string, token: string): Promise<OpenConnection> {
  const socket = io(url, { auth: { token }, transports: ['websocket'], reconnection: false, forceNew: true })
  let how: unknown
  socket.on('session:end', (said) => {
    how = said
  })
  const ended = new Promise<Ended>((resolve) =>
    socket.once('disconnect', () => resolve({ how, at: performance.now() })),
  )
  await new Promise<void>((resolve, reject) =>
    socket.once('connect', resolve).once('connect_error', (error) => reject(error)),
  )
  return { ended, isOpen: () => socket.connected, close: () => void socket.close() }
}

export async function openEvents(url: string, token: string): Promise<OpenConnection> {
  const leaving = new AbortController()
  const response = await fetch(`${url}/events?token=${token}`, { signal: leaving.signal })
  if (!response.ok) throw new Error(`the stream responded with ${response.status}`)
  let isOpen = true
  const ended = response.text().then((how) => {
    isOpen = false
    return { how, at: performance.now() }
  })
  return { ended, isOpen: () => isOpen, close: () => leaving.abort() }
}
