import type { RefusalStatus } from './reasons.js'

/** Reason phrases of the statuses that Hallpass returns (RFC 9110 section 15). */
export const statusPhrases: Readonly<Record<number, string>> & Readonly<Record<RefusalStatus | 304, string>> = {
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  413: 'Payload Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
}
