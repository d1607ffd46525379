import type { ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import type { ConnectionLimits } from './connection-limits.js'
import { type Reader, readInTurn } from './read-in-turn.js'
import type { Turns } from './take-turns.js'

/** An open connection and its resources. */
export interface Connection {
  readonly socket: Socket
  readonly address: string
  readonly reader: Reader
  /** Responses that are not yet completely written or read. */
  readonly unanswered: Set<ServerResponse>
  /** When the last response ended, or else when the connection began. */
  settledAt: number
  /** When the peer last read something of the data waiting for it. */
  readAt: number
  /** How much was written, and how much of it was waiting, at that time. */
  output: { readonly written: number; readonly waiting: number }
  /** Bytes read up to the headers of the last request. */
  fedAtRequest: number
  /** Bytes read that no request in progress needs any more. */
  released: number
}

/** The size of Node's and the framework's objects for a request in progress, rounded up. */
export const bytesPerRequest = 12 * 1024
const stalledMilliseconds = 1_000

export function openConnection(socket: Socket, limits: ConnectionLimits, turns: Turns): Connection {
  const unanswered = new Set<ServerResponse>()
  const isReady = () => unanswered.size < limits.unansweredRequests && !socket.writableNeedDrain
  const isBusy = () => hasWork(unanswered)
  const now = performance.now()
  return {
    socket,
    address: socket.remoteAddress ?? '',
    reader: readInTurn(socket, { isReady, isBusy, turns }),
    unanswered,
    settledAt: now,
    readAt: now,
    output: { written: 0, waiting: 0 },
    fedAtRequest: 0,
    released: 0,
  }
}

const streams = new WeakSet<ServerResponse>()

/**
 * A stream that only ends when the peer leaves is not work in progress, so its connection can be closed to make room.
 */
export const markAsStream = (response: ServerResponse): void => void streams.add(response)

/** Counts a request until its response ends. */
export function addRequest(connection: Connection, response: ServerResponse): void {
  const { unanswered, reader } = connection
  unanswered.add(response)
  connection.fedAtRequest = reader.fed()
  // not once, which makes and removes another function, and this event comes once
  response.on('close', () => {
    unanswered.delete(response)
    if (unanswered.size === 0) {
      connection.settledAt = performance.now()
      connection.released = connection.fedAtRequest
    }
    reader.advance()
  })
}

/** An upper bound of the memory that a connection uses. */
export function heldBytes({ reader, unanswered, released }: Connection): number {
  let bytes = reader.waiting() + reader.fed() - released + unanswered.size * bytesPerRequest
  for (const response of unanswered) bytes += response.writableLength
  return bytes
}

/** Notes whether the peer has read anything. Returns for how long it has read nothing although data is waiting. */
export function unreadFor(connection: Connection, now: number): number {
  const { socket, output } = connection
  const { bytesWritten: written, writableLength: waiting } = socket
  if (waiting === 0 || written !== output.written || waiting !== output.waiting) connection.readAt = now
  connection.output = { written, waiting }
  return now - connection.readAt
}

/** Whether the server is working for this connection, rather than waiting for a request or for the peer to read. */
export function isAtWork(connection: Connection, now: number): boolean {
  if (now - connection.readAt > stalledMilliseconds && connection.socket.writableLength > 0) return false
  return hasWork(connection.unanswered)
}

/** A request that has arrived completely is being worked on. */
function hasWork(unanswered: ReadonlySet<ServerResponse>): boolean {
  for (const response of unanswered) if (response.req.complete && !streams.has(response)) return true
  return false
}
