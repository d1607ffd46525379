import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { HallpassError } from '../errors.js'
import type { Allowance } from '../limits/allowance.js'
import type { Inbound } from './inbound.js'

/** A response that is ready to be written. */
export interface HttpResponse {
  readonly status: number
  readonly headers: Headers
  /** The text of this response alone, or bytes that all responses share. */
  readonly body: string | Buffer
  /** For the log: why a call was refused. */
  readonly error?: HallpassError
}

type Headers = Readonly<Record<string, string>>

/** Names in lower case, each followed by its value. */
type Head = string[]

const everywhere: Readonly<Head> = [
  ...['x-content-type-options', 'nosniff'],
  ...['referrer-policy', 'no-referrer'],
  ...['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
]

/**
 * Writes a response with the headers that every response has. It is written past the framework, in one piece: its hooks,
 * and the separate writes of headers and body, took 10 µs of each call.
 */
export function writeResponse(
  request: FastifyRequest,
  reply: FastifyReply,
  response: HttpResponse,
  ...more: readonly Headers[]
): FastifyReply {
  const { status, headers, body, error } = response
  if (error) request.refusal = error
  const head = headOf(request.inbound, headers, more)
  const isEmpty = status === 204 || status === 304
  const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length
  if (!isEmpty) setHeader(head, 'content-length', String(length))
  // the framework ends the connection after a body that it didn't read to its end
  if (reply.hasHeader('connection')) setHeader(head, 'connection', 'close')
  // in slices, so that a reader that stopped is noticed and a slow one isn't mistaken for it
  if (!isEmpty && typeof body !== 'string' && length > sliceBytes && request.method !== 'HEAD')
    return reply
      .code(status)
      .headers(toRecord(head))
      .send(Readable.from(slicesOf(body)))
  reply.hijack()
  reply.raw.writeHead(status, head)
  if (isEmpty) reply.raw.end()
  else endWith(reply.raw, body, length)
  return reply
}

/**
 * Ends a response with its body. `end(body)` gives the socket two parts, the second of which is empty. Writing several
 * parts took 1.5 µs more than writing one, and UTF-8 more than ASCII: together a tenth of a request for a document.
 */
function endWith(raw: FastifyReply['raw'], body: string | Buffer, length: number): void {
  const { socket } = raw
  // without a socket, the response waits for earlier ones of its connection
  if (typeof body !== 'string' || !socket) return void raw.end(body)
  socket.cork()
  raw.write(body, length === body.length ? 'latin1' : 'utf8')
  socket.uncork()
  raw.end()
}

/**
 * All headers of a response. Later ones take precedence: `headers` over `more`. As a list, because filling an object
 * with names that aren't known in advance took 5 % of a call.
 */
function headOf({ echo, isLast }: Inbound, headers: Headers, more: readonly Headers[]): Head {
  const head: Head = [...everywhere, ...echo]
  for (const one of more) for (const name in one) setHeader(head, lowerCase(name), one[name] ?? '')
  for (const name in headers) setHeader(head, lowerCase(name), headers[name] ?? '')
  if (isLast()) setHeader(head, 'connection', 'close')
  return head
}

function setHeader(head: Head, name: string, value: string): void {
  for (let at = 0; at < head.length; at += 2) {
    if (head[at] !== name) continue
    head[at + 1] = value
    return
  }
  head.push(name, value)
}

function toRecord(head: Head): Record<string, string> {
  const record: Record<string, string> = {}
  for (let at = 0; at < head.length; at += 2) record[head[at] ?? ''] = head[at + 1] ?? ''
  return record
}

const lowerCaseNames = new Map<string, string>()

/** The server has about 40 names of headers. */
function lowerCase(name: string): string {
  const known = lowerCaseNames.get(name)
  if (known !== undefined) return known
  const lower = name.toLowerCase()
  lowerCaseNames.set(name, lower)
  return lower
}

/** Writes a streamed response, with the headers that every response has. */
export function writeBody(
  request: FastifyRequest,
  reply: FastifyReply,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: Readable },
): FastifyReply {
  return reply.headers(toRecord(headOf(request.inbound, headers, []))).send(body)
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

/** The accepted schemes. A caller that used Basic must find it among them (RFC 6749 section 5.2). */
const challenges = { Bearer: 'Bearer', Basic: 'Bearer, Basic realm="Hallpass", charset="UTF-8"' }

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

const none: Headers = {}

/** The state of the quota (draft-ietf-httpapi-ratelimit-headers). */
export function quotaHeaders(allowance: Allowance | undefined): Headers {
  if (!allowance) return none
  const { quota, remaining, resetSeconds } = allowance
  return {
    'RateLimit-Policy': `"default";q=${quota.limit};w=${quota.windowSeconds}`,
    RateLimit: `"default";r=${remaining};t=${resetSeconds}`,
  }
}
