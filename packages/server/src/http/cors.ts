import { corsAnswer, requestHeaders } from '@hallpass/contracts'
import type { RequestHeaders } from '../execute/call.js'

const preflightSeconds = 600
const allowedHeaders = [
  'Content-Type',
  'trpc-accept',
  requestHeaders.requestId,
  requestHeaders.correlationId,
  requestHeaders.sandboxFault,
]

/** What a page may read of an answer; a second Origin is nobody's. */
export function corsHeaders(headers: RequestHeaders): Record<string, string> {
  return headers.count('origin') === 1 ? corsAnswer(headers.get('origin')) : {}
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
