import type { Socket } from 'node:net'
import { isUrgent } from './is-urgent.js'
import type { Turns } from './take-turns.js'

/** For a body in many small chunks, this takes a millisecond. */
const bytesPerTurn = 8 * 1024
/** Up to this size, a packet with one request is read at once, head and body. */
const packetOfOneRequest = 1024
/** The end of a request's head. Node's parser refuses lines that end in a line feed alone. */
const endOfHead = Buffer.from('\n\r\n')

/** Reads a connection for Node's HTTP parser, no faster than the server can answer. */
export interface Reader {
  /** Continues to read if it is this connection's turn. */
  readonly advance: () => void
  /** Ignores all further data. */
  readonly stop: () => void
  /** Bytes given to the parser so far. */
  readonly fed: () => number
  /** Bytes waiting for their turn. */
  readonly waiting: () => number
}

interface Options {
  /** Whether the server accepts another request of this connection now. */
  readonly isReady: () => boolean
  /** Whether a request of this connection is in progress. */
  readonly isBusy: () => boolean
  /** The turns shared by all connections of the server. */
  readonly turns: Turns
}

/**
 * Node parses all requests of a packet at once and pauses the connection only afterwards, so 64 KB of short requests
 * become 2,500 requests in progress. This gives the parser a packet request by request, and the next one once `isReady`
 * returns true. Until then the socket is paused, and TCP slows the sender down. Data behind a request in progress also
 * waits for its turn among all connections, so that pipelined requests hardly delay those of others. So does data that
 * arrives while other data waits, or late in a turn of the event loop.
 */
export function readInTurn(socket: Socket, { isReady, isBusy, turns }: Options): Reader {
  // the HTTP server has added its listener by the time it announces the connection
  const parse = socket.listeners('data')[0] as ((bytes: Buffer) => void) | undefined
  if (!parse) throw new Error('the HTTP server does not read its connections by "data" events')
  let rest: Buffer = Buffer.alloc(0)
  let isHolding = false
  let isStopped = false
  let fed = 0

  // the parser must get nothing while Node itself has paused the connection
  const mayParse = () => !isStopped && !socket.destroyed && !socket.isPaused() && isReady()

  function advance(): void {
    if (isStopped || socket.destroyed) return
    if (rest.length > 0) hold()
    if (isReady() && (isHolding || rest.length > 0)) turns.add(feed)
  }

  function feed(): void {
    if (isStopped || socket.destroyed) return
    if (isHolding) {
      if (!isReady()) return
      isHolding = false
      socket.resume()
    }
    const last = fed + bytesPerTurn
    while (rest.length > 0 && fed < last && mayParse()) {
      const slice = rest.subarray(0, endOfSlice(rest))
      rest = rest.subarray(slice.length)
      fed += slice.length
      parse?.call(socket, slice)
      if (isBusy()) break
    }
    if (rest.length === 0 && isReady()) return
    hold()
    if (isHolding && isReady()) turns.add(feed)
  }

  function hold(): void {
    if (isHolding || isStopped || socket.destroyed || socket.isPaused()) return
    isHolding = true
    socket.pause()
  }

  socket.removeListener('data', parse)
  socket.on('data', (bytes: Buffer) => {
    if (isStopped) return
    const isFirst = rest.length === 0
    rest = isFirst ? bytes : Buffer.concat([rest, bytes])
    if (!isFirst || isBusy()) advance()
    else if (turns.mayRunNow()) feed()
    else turns.add(feed, isUrgent(bytes))
  })
  // a request that reads its body resumes the connection, even if it is held back here
  socket.on('resume', () => (isHolding ? socket.pause() : advance()))
  socket.on('drain', advance)
  return {
    advance,
    stop() {
      isStopped = true
      rest = Buffer.alloc(0)
      if (!socket.destroyed) socket.resume()
    },
    fed: () => fed,
    waiting: () => rest.length + socket.readableLength,
  }
}

/** The first bytes of a packet, which begin one request at most. */
function endOfSlice(bytes: Buffer): number {
  const head = bytes.indexOf(endOfHead)
  const end = head < 0 ? bytes.length : head + endOfHead.length
  if (end === bytes.length && end <= packetOfOneRequest) return end
  if (bytes.length <= packetOfOneRequest && bytes.indexOf(endOfHead, end) < 0) return bytes.length
  return Math.min(end, bytesPerTurn)
}
