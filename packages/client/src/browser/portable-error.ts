import { isPlainObject } from '@hallpass/contracts/core'
import { type WidgetReason, WidgetSessionError, widgetReasons } from './errors.js'

/** A serialized error for another page or frame: messages can't contain class instances. */
export interface PortableError {
  readonly reason: WidgetReason
  readonly message: string
  readonly status?: number
  readonly retryAfter?: number
}

export const packError = ({ reason, message, status, retryAfter }: WidgetSessionError): PortableError => ({
  reason,
  message,
  ...(status === undefined ? {} : { status }),
  ...(retryAfter === undefined ? {} : { retryAfter }),
})

/** Restores an error from another page or frame. An unknown reason becomes the temporary failure `unavailable`. */
export function unpackError(value: unknown): WidgetSessionError {
  const { reason, message, status, retryAfter } = isPlainObject(value) ? value : {}
  const known = widgetReasons.find((one) => one === reason) ?? 'unavailable'
  return new WidgetSessionError(known, String(message), {
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof retryAfter === 'number' ? { retryAfter } : {}),
  })
}
