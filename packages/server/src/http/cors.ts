import { corsAnswer, requestHeaders } from '@hallpass/contracts'
import type { RequestHeaders } from '../execute/call.js'
import { touchLru } from '../limits/touch-lru.js'

const preflightSeconds = 600
const alwaysAllowed = [
  'Content-Type',
  'trpc-accept',
  requestHeaders.requestId,
  requestHeaders.correlationId,
  requestHeaders.sandboxFault,
]
/** Enough for a page with several tracing libraries. Longer lists are ignored, so a response can't be made long. */
const maxRequestedLength = 1_000
/** A header name (RFC 9110 section 5.1). */
const headerName = /^[\w!#$%&'*+.^`|~-]+$/

const none: Readonly<Record<string, string>> = {}

/** CORS headers for the page that sent the request. Several Origin headers count as none. */
export function corsHeaders(headers: RequestHeaders): Readonly<Record<string, string>> {
  const origin = headers.count('origin') === 1 ? headers.get('origin') : undefined
  return origin === undefined ? none : headersFor(origin)
}

/** A few pages make most calls. Checking that an origin is one, by parsing it as a URL, took 3 % of a call. */
const newest = new Map<string, Readonly<Record<string, string>>>()
const mostOrigins = 1_000

function headersFor(origin: string): Readonly<Record<string, string>> {
  const known = newest.get(origin)
  if (known) return known
  const made = corsAnswer(origin)
  // only valid ones, which are short
  if ('Access-Control-Allow-Origin' in made) touchLru(newest, origin, made, mostOrigins)
  return made
}

/** The headers of the response to a preflight request, for the methods of a path. */
export function preflightHeaders(headers: RequestHeaders, methods: readonly string[]): Record<string, string> {
  const cors = corsHeaders(headers)
  const allowed = {
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers': allowedHeaders(headers).join(', '),
    'Access-Control-Max-Age': String(preflightSeconds),
  }
  const vary = 'Origin, Access-Control-Request-Headers'
  return { Vary: vary, ...cors, ...('Access-Control-Allow-Origin' in cors ? allowed : {}) }
}

/**
 * Allows the headers that the page asks for, because tracing libraries add their own to every request (`traceparent`,
 * `baggage`). That gives a page nothing: without credentials, it can send only what any program could.
 */
function allowedHeaders(headers: RequestHeaders): string[] {
  const text = headers.get('access-control-request-headers') ?? ''
  const requested = text.length > maxRequestedLength ? [] : text.split(',').map((name) => name.trim())
  const known = new Set(alwaysAllowed.map((name) => name.toLowerCase()))
  const added = requested.filter((name) => headerName.test(name) && name !== '*' && !known.has(name.toLowerCase()))
  return [...alwaysAllowed, ...new Set(added)]
}
