import type { IncomingMessage } from 'node:http'
import type { FastifyRequest } from 'fastify'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'

type Done = (error: Error | null, body?: Buffer) => void

/**
 * Collects a body in one buffer, so that it takes as much memory as it has bytes. The framework keeps the pieces as
 * they arrive, and a body in chunks of one byte would take a hundred times its size.
 */
export function readBody(limitBytes: number) {
  return ({ headers }: FastifyRequest, payload: IncomingMessage, done: Done): void => {
    let body: Buffer = Buffer.alloc(0)
    let length = 0
    const finish = (error: Error | null) => {
      payload.off('data', add).off('end', end).off('error', abort)
      if (error) done(error)
      else done(null, body.subarray(0, length))
    }
    const add = (piece: Buffer) => {
      if (length + piece.length > limitBytes) return finish(tooLarge(limitBytes))
      body = withRoomFor(body, length, piece.length, limitBytes)
      length += piece.copy(body, length)
    }
    const end = () => finish(null)
    const abort = (cause: Error) => finish(new HallpassError('malformed_request', messages.incompleteBody, { cause }))
    if (Number(headers['content-length']) > limitBytes) done(tooLarge(limitBytes))
    else payload.on('data', add).on('end', end).on('error', abort)
  }
}

const tooLarge = (limitBytes: number) => new HallpassError('payload_too_large', messages.bodyTooLarge(limitBytes))

/**
 * The buffer, or one of twice the size. The request's Content-Length isn't used, because the client may never send that
 * much.
 */
function withRoomFor(body: Buffer, length: number, more: number, limitBytes: number): Buffer {
  if (length + more <= body.length) return body
  const larger = Buffer.allocUnsafe(Math.min(limitBytes, Math.max(1024, 2 * (length + more))))
  body.copy(larger, 0, 0, length)
  return larger
}
