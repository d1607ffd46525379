import {
  type BackendCaller,
  dependsOnOrigin,
  type Operation,
  requestHeaders,
  tracingIdPattern,
  uuidPattern,
} from '@hallpass/contracts'
import { messages } from '../error-messages.js'
import { HallpassError } from '../errors.js'
import type { RequestHeaders } from './call.js'

/** A header that may be sent only once. Refuses a second one. */
export function singleHeader(headers: RequestHeaders, name: string): string | undefined {
  const key = name.toLowerCase()
  if (headers.count(key) > 1) throw new HallpassError('invalid_header', messages.repeatedHeader(name))
  return headers.get(key)
}

/** A secret key, and the scheme that it was sent with. */
export interface SentKey {
  readonly scheme: 'Bearer' | 'Basic'
  /** Undefined if the header has no key in its scheme. */
  readonly secret: string | undefined
}

/** The secret key after `Bearer `, exactly as sent (RFC 6750 section 2.1), or the password of HTTP Basic. */
export function sentKey(headers: RequestHeaders, { basic }: Pick<BackendCaller, 'basic'>): SentKey {
  const header = singleHeader(headers, requestHeaders.authorization) ?? ''
  if (basic && /^basic /i.test(header)) return { scheme: 'Basic', secret: basicPassword(header) }
  return { scheme: 'Bearer', secret: /^bearer (.*)$/is.exec(header)?.[1] }
}

/** RFC 7617 section 2. OAuth clients encode the password as a form first (RFC 6749 section 2.3.1). */
function basicPassword(header: string): string | undefined {
  const encoded = /^basic +([a-z0-9+/]+={0,2})$/i.exec(header)?.[1] ?? ''
  const pair = Buffer.from(encoded, 'base64').toString()
  const colon = pair.indexOf(':')
  if (colon === -1) return undefined
  const password = pair.slice(colon + 1)
  try {
    return decodeURIComponent(password.replaceAll('+', ' '))
  } catch {
    return password
  }
}

/** `Straddle-Account-Id` in lower case. Undefined if it was not sent. */
export function actingAccountId(headers: RequestHeaders): string | undefined {
  const value = singleHeader(headers, requestHeaders.accountId)
  if (value === undefined) return undefined
  if (!uuidPattern.test(value)) throw invalid(requestHeaders.accountId)
  return value.toLowerCase()
}

/** Checks the headers that no earlier step needed. Returns the idempotency key if the operation supports one. */
export function readHeaders(operation: Operation, headers: RequestHeaders): { idempotencyKey: string | undefined } {
  for (const name of [requestHeaders.requestId, requestHeaders.correlationId]) {
    const value = singleHeader(headers, name)
    if (value && !tracingIdPattern.test(value)) throw invalid(name)
  }
  requireOneOrigin(operation, headers)
  if (!operation.idempotency) return { idempotencyKey: undefined }
  const name = requestHeaders.idempotencyKey.toLowerCase()
  const idempotencyKey = headers.get(name)
  const isValid = idempotencyKey === undefined || operation.idempotency.keyPattern.test(idempotencyKey)
  // a repeated key is invalid, like a key of the wrong length
  if (!isValid || headers.count(name) > 1) {
    const [allowed = ''] = operation.idempotency.keyDescription.split(';')
    throw invalid(requestHeaders.idempotencyKey, messages.invalidIdempotencyKey(allowed))
  }
  return { idempotencyKey }
}

/** A second Origin is refused even if the first isn't needed. */
function requireOneOrigin(operation: Operation, headers: RequestHeaders): void {
  if (!dependsOnOrigin(operation)) singleHeader(headers, requestHeaders.origin)
  else if (headers.count('origin') > 1) throw new HallpassError('origin_not_allowed', messages.originNotAllowed)
}

/** The item has the documented phrase, whatever the message adds. */
function invalid(name: string, message = messages.invalidHeader(name)): HallpassError {
  return new HallpassError('invalid_header', message, { items: [{ detail: messages.invalidHeader(name) }] })
}
