import { isPlainObject, type Repeat } from '@hallpass/contracts/core'
import type { FailureReason, HallpassClientError } from '../errors.js'

/** Refusals before the call had any effect, after which any call can be retried. */
const refusedWithoutEffect: readonly FailureReason[] = [
  'rate_limited',
  'idempotency_in_progress',
  'idempotency_concurrent_use',
]
/** After these, it is unknown whether the call had an effect. */
const unknownOutcome = [502, 503, 504]
/** Node.js error codes for a connection that was never established. Browsers don't expose the cause. */
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

/** Whether a failed call can be retried without the risk that it takes effect twice. */
export function mayRepeat({ reason, details }: HallpassClientError, repeat: Repeat): boolean {
  if (reason === 'aborted' || reason === 'timeout' || details.shouldRetry === false) return false
  if ((details.retryAfter ?? 0) > longestWaitSeconds) return false
  const hadNoEffect = refusedWithoutEffect.includes(reason) || details.status === 429
  if (hadNoEffect || wasNotSent(details.cause)) return true
  if (repeat === 'once') return false
  if (details.shouldRetry) return true
  return details.status === undefined ? reason === 'network' : unknownOutcome.includes(details.status)
}

/** Milliseconds before the next attempt: the server's Retry-After or a backoff, with jitter so that callers don't retry in sync. */
export function waitBefore(attempt: number, retryAfter: number | undefined, random: () => number): number {
  const backoff = Math.min(firstBackoffMilliseconds * 2 ** attempt, longestBackoffMilliseconds)
  return retryAfter === undefined ? backoff * (0.5 + random() / 2) : retryAfter * 1000 + (random() * backoff) / 2
}

function wasNotSent(cause: unknown): boolean {
  const inner = cause instanceof Error ? cause.cause : undefined
  return isPlainObject(inner) && notConnected.includes(String(inner.code))
}
