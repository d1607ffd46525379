import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HallpassError } from '../errors.js'
import type { Allowance } from '../limits/allowance.js'

/** A response that is ready to be written. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The text of this response alone, or bytes that all responses share. */
  readonly body: string | Buffer
  /** For the log: why a call was refused. */
  readonly error?: HallpassError
}

const everywhere = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
}

/** Writes a response with the headers that every response has. */
export function writeResponse(request: FastifyRequest, reply: FastifyReply, response: HttpResponse): FastifyReply {
  if (response.error) request.refusal = response.error
  reply.code(response.status).headers({ ...everywhere, ...request.inbound.echo, ...response.headers })
  if (response.status === 204 || response.status === 304) return reply.send()
  // as bytes, because the framework adds a charset to text
  if (typeof response.body === 'string') return reply.send(Buffer.from(response.body))
  if (response.body.length <= sliceBytes || request.method === 'HEAD') return reply.send(response.body)
  // in slices, so that a reader that stopped is noticed and a slow one isn't mistaken for it
  return reply.header('Content-Length', String(response.body.length)).send(Readable.from(slicesOf(response.body)))
}

/** Writes a streamed response, with the headers that every response has. */
export function writeBody(
  request: FastifyRequest,
  reply: FastifyReply,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: Readable },
): FastifyReply {
  return reply.headers({ ...everywhere, ...request.inbound.echo, ...headers }).send(body)
}

const sliceBytes = 32_768

function* slicesOf(body: Buffer): Generator<Buffer> {
  for (let at = 0; at < body.length; at += sliceBytes) yield body.subarray(at, at + sliceBytes)
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set if the request was refused, for the log. */
    refusal: HallpassError | undefined
  }
}

/** RFC 6749 section 5.2: the scheme that the caller used. */
const challenges = { Bearer: 'Bearer', Basic: 'Basic realm="Hallpass", charset="UTF-8"' }

/** Headers of every refusal, whatever its dialect. */
export function refusalHeaders(error: HallpassError): Record<string, string> {
  const { retryAfter, scheme = 'Bearer' } = error.details
  return {
    'Cache-Control': 'no-store',
    ...(retryAfter === undefined ? {} : { 'Retry-After': String(retryAfter) }),
    ...(error.status === 401 ? { 'WWW-Authenticate': challenges[scheme] } : {}),
    ...(error.reason === 'idempotency_conflict' ? { 'x-should-retry': 'false' } : {}),
  }
}

/** The state of the quota (draft-ietf-httpapi-ratelimit-headers). */
export function quotaHeaders(allowance: Allowance | undefined): Record<string, string> {
  if (!allowance) return {}
  const { quota, remaining, resetSeconds } = allowance
  return {
    'RateLimit-Policy': `"default";q=${quota.limit};w=${quota.windowSeconds}`,
    RateLimit: `"default";r=${remaining};t=${resetSeconds}`,
  }
}
