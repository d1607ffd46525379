/** Request headers that Hallpass reads. Each can be sent once. */
export const requestHeaders = {
  authorization: 'Authorization',
  idempotencyKey: 'Idempotency-Key',
  requestId: 'Request-Id',
  correlationId: 'Correlation-Id',
  accountId: 'Straddle-Account-Id',
  origin: 'Origin',
  sandboxFault: 'Hallpass-Sandbox-Fault',
  dpop: 'DPoP',
} as const

/** `Request-Id` and `Correlation-Id`: any text of at most 200 characters without control characters. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern rejects control characters
export const tracingIdPattern = /^[^\x00-\x1f\x7f]{1,200}$/

/** A UUID of any version, in upper or lower case. */
export const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** Response headers that pages of other origins can read. */
export const exposedHeaders = [
  'Retry-After',
  'X-Error-Reason',
  'RateLimit',
  'RateLimit-Policy',
  'Request-Id',
  'Correlation-Id',
] as const
