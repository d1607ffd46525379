import { isPlainObject } from '@hallpass/contracts/core/is-plain-object'
import type { ErrorDetails } from '../hallpass-error.js'
import { knownReason, type WidgetReason, WidgetSessionError } from './errors.js'

/** A serialized error for another page or frame: messages can't contain class instances. */
export interface PortableError {
  readonly reason: WidgetReason
  readonly message: string
  readonly status: number | undefined
  readonly retryAfter: number | undefined
  readonly requestId: string | undefined
}

export const packError = (error: WidgetSessionError): PortableError => ({ ...error, message: error.message })

/** Restores an error from another page or frame. An unknown reason becomes the temporary failure `unavailable`. */
export function unpackError(value: unknown): WidgetSessionError {
  const { reason, message, ...details } = isPlainObject(value) ? value : {}
  const retryAfter = Number(details.retryAfter) || undefined
  // only the time is computed with; the rest is for people
  const shown: ErrorDetails = { ...details, retryAfter }
  return new WidgetSessionError(knownReason(reason) ?? 'unavailable', String(message), shown)
}
