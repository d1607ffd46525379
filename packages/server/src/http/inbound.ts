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
  /** On the monotonic clock, in milliseconds. */
  readonly arrivedAt: number
  /** Headers that every response echoes: names in lower case, each followed by its value. */
  readonly echo: readonly string[]
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

const requestIdName = requestHeaders.requestId.toLowerCase()
const correlationIdName = requestHeaders.correlationId.toLowerCase()

interface Deps {
  readonly clock: Clock
  readonly elapsed: () => number
  readonly isStopping: () => boolean
}

export function readInbound(request: FastifyRequest, { clock, elapsed, isStopping }: Deps): Inbound {
  const headers = indexHeaders(request.raw.rawHeaders)
  const receivedAt = clock.now()
  const requestId = newId(clock)
  const correlationId = tracingId(request, headers, correlationIdName)
  const echo = ['request-id', tracingId(request, headers, requestIdName) ?? requestId]
  if (correlationId !== undefined) echo.push('correlation-id', correlationId)
  // reading this parses the forwarded addresses each time
  const { ip } = request
  return {
    headers,
    requestId,
    receivedAt,
    arrivedAt: elapsed(),
    echo,
    address: ip.length > longestAddress ? 'unknown' : ip,
    isLast: isStopping,
  }
}

function tracingId({ raw }: FastifyRequest, headers: RequestHeaders, name: string): string | undefined {
  // Node has indexed the headers already, and few requests have these
  const value = raw.headers[name] === undefined ? undefined : headers.get(name)
  return value !== undefined && tracingIdPattern.test(value) ? value : undefined
}

/**
 * Node joins or drops repeated headers. This keeps them all, so that a repeated header can be refused. They are indexed
 * when the first one is read, because a request for a document needs none.
 */
function indexHeaders(rawHeaders: readonly string[]): RequestHeaders {
  let index: ReadonlyMap<string, readonly string[]> | undefined
  const valuesOf = (name: string) => {
    index ??= valuesByName(rawHeaders)
    return index.get(name)
  }
  return { get: (name) => valuesOf(name)?.[0], count: (name) => valuesOf(name)?.length ?? 0 }
}

function valuesByName(rawHeaders: readonly string[]): ReadonlyMap<string, readonly string[]> {
  const values = new Map<string, string[]>()
  for (let i = 0; i + 1 < rawHeaders.length; i += 2) {
    const name = rawHeaders[i]?.toLowerCase() ?? ''
    const value = rawHeaders[i + 1] ?? ''
    const earlier = values.get(name)
    if (earlier) earlier.push(value)
    else values.set(name, [value])
  }
  return values
}
