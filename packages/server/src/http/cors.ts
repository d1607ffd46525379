import { exposedHeaders, isHttpOrigin, requestHeaders } from '@hallpass/contracts'
import type { RequestHeaders } from '../execute/call.js'

const preflightSeconds = 600
const allowedHeaders = [
  'Content-Type',
  'trpc-accept',
  requestHeaders.requestId,
  requestHeaders.correlationId,
  requestHeaders.sandboxFault,
]

/**
 * Lets any well-formed page read the answer, refusals included: who may have a token is decided by the allowlist, not here.
 * Never `*`, never `null`, never credentials (wire 2).
 */
export function corsHeaders(headers: RequestHeaders): Record<string, string> {
  const origin = headers.get('origin')
  if (origin === undefined || headers.count('origin') !== 1 || !isHttpOrigin(origin)) return {}
  return { 'Access-Control-Allow-Origin': origin, 'Access-Control-Expose-Headers': exposedHeaders.join(', ') }
}

/** The answer to a preflight, for the methods of a path. */
export function preflightHeaders(headers: RequestHeaders, methods: readonly string[]): Record<string, string> {
  const cors = corsHeaders(headers)
  const allowed = {
    'Access-Control-Allow-Methods': methods.join(', '),
    'Access-Control-Allow-Headers': allowedHeaders.join(', '),
    'Access-Control-Max-Age': String(preflightSeconds),
  }
  return { Vary: 'Origin', ...cors, ...('Access-Control-Allow-Origin' in cors ? allowed : {}) }
}
