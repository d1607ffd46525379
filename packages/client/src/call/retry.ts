import { isPlainObject, type Repeat } from '@hallpass/contracts/core'
import type { FailureReason, HallpassClientError } from '../errors.js'

/** Refused before anything was done, so that any call may be sent again. */
const refusedUndone: readonly FailureReason[] = [
  'rate_limited',
  'idempotency_in_progress',
  'idempotency_concurrent_use',
]
/** Nobody can say whether it was done. */
const unknownOutcome = [502, 503, 504]
/** Node's words for a connection that never was; a browser does not tell. */
const notConnected = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]

const longestWaitSeconds = 30
const firstBackoffMilliseconds = 400
const longestBackoffMilliseconds = 8_000

/** Whether a call that failed may be sent again without a risk of doing it twice. */
export function mayRepeat({ reason, details }: HallpassClientError, repeat: Repeat): boolean {
  if (reason === 'aborted' || reason === 'timeout' || details.shouldRetry === false) return false
  if ((details.retryAfter ?? 0) > longestWaitSeconds) return false
  const wasRefusedUndone = refusedUndone.includes(reason) || details.status === 429
  if (wasRefusedUndone || wasNotSent(details.cause)) return true
  if (repeat === 'once') return false
  if (details.shouldRetry) return true
  return details.status === undefined ? reason === 'network' : unknownOutcome.includes(details.status)
}

/** Milliseconds before the next attempt: what the server asked for, and a random part, so that callers do not return as one. */
export function waitBefore(attempt: number, retryAfter: number | undefined, random: () => number): number {
  const backoff = Math.min(firstBackoffMilliseconds * 2 ** attempt, longestBackoffMilliseconds)
  return retryAfter === undefined ? backoff * (0.5 + random() / 2) : retryAfter * 1000 + (random() * backoff) / 2
}

function wasNotSent(cause: unknown): boolean {
  const inner = cause instanceof Error ? cause.cause : undefined
  return isPlainObject(inner) && notConnected.includes(String(inner.code))
}
