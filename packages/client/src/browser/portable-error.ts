import { isPlainObject } from '@hallpass/contracts/core/is-plain-object'
import { knownReason, type WidgetReason, WidgetSessionError } from './errors.js'

/** A serialized error for another page or frame: messages can't contain class instances. */
export interface PortableError {
  readonly reason: WidgetReason
  readonly message: string
  readonly status: number | undefined
  readonly retryAfter: number | undefined
  readonly requestId: string | undefined
}

export const packError = ({ reason, message, status, retryAfter, requestId }: WidgetSessionError): PortableError => ({
  reason,
  message,
  status,
  retryAfter,
  requestId,
})

/** Restores an error from another page or frame. An unknown reason becomes the temporary failure `unavailable`. */
export function unpackError(value: unknown): WidgetSessionError {
  const { reason, message, ...details } = isPlainObject(value) ? value : {}
  const { status, retryAfter, requestId } = details
  return new WidgetSessionError(knownReason(reason) ?? 'unavailable', String(message), {
    status: typeof status === 'number' ? status : undefined,
    retryAfter: typeof retryAfter === 'number' ? retryAfter : undefined,
    requestId: typeof requestId === 'string' ? requestId : undefined,
  })
}
