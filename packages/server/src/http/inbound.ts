import { requestHeaders, tracingIdPattern } from '@hallpass/contracts'
import type { FastifyRequest } from 'fastify'
import type { Clock } from '../clock.js'
import type { RequestHeaders } from '../execute/call.js'
import { newId } from '../ids.js'

/** What every transport reads from a request first. */
export interface Inbound {
  readonly headers: RequestHeaders
  /** The server's own id, a UUID of version 7. */
  readonly requestId: string
  /** Milliseconds since the epoch. */
  readonly receivedAt: number
  /** Headers that every response echoes, in lower case. */
  readonly echo: Readonly<Record<string, string>>
  /** The caller's address, as reported by trusted proxies. */
  readonly address: string
  /** Whether the connection ends with this response, because the server is stopping. */
  readonly isLast: () => boolean
}

declare module 'fastify' {
  interface FastifyRequest {
    inbound: Inbound
  }
}

/** The longest valid address: IPv6 with a zone, in brackets, with a port. A proxy may forward anything. */
const longestAddress = 100

interface Deps {
  readonly clock: Clock
  readonly isStopping: () => boolean
}

export function readInbound(request: FastifyRequest, { clock, isStopping }: Deps): Inbound {
  const headers = indexHeaders(request.raw.rawHeaders)
  const receivedAt = clock.now()
  const requestId = newId(clock)
  const correlationId = tracingId(headers, requestHeaders.correlationId)
  // reading this parses the forwarded addresses each time
  const { ip } = request
  return {
    headers,
    requestId,
    receivedAt,
    echo: {
      'request-id': tracingId(headers, requestHeaders.requestId) ?? requestId,
      ...(correlationId === undefined ? {} : { 'correlation-id': correlationId }),
    },
    address: ip.length > longestAddress ? 'unknown' : ip,
    isLast: isStopping,
  }
}

function tracingId(headers: RequestHeaders, name: string): string | undefined {
  const value = headers.get(name.toLowerCase())
  return value !== undefined && tracingIdPattern.test(value) ? value : undefined
}

/** Node joins or drops repeated headers. This keeps them all, so that a repeated header can be refused. */
function indexHeaders(rawHeaders: readonly string[]): RequestHeaders {
  const values = new Map<string, string[]>()
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? ''
    const value = rawHeaders[i + 1] ?? ''
    const earlier = values.get(name)
    if (earlier) earlier.push(value)
    else values.set(name, [value])
  }
  return { get: (name) => values.get(name)?.[0], count: (name) => values.get(name)?.length ?? 0 }
}
