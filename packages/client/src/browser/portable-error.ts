import { isPlainObject } from '@hallpass/contracts/core'
import { type WidgetReason, WidgetSessionError, widgetReasons } from './errors.js'

/** A failure on its way to another page or frame: a class does not survive that. */
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

/** A failure that came from elsewhere; a reason that is not on the list is one that time may mend. */
export function unpackError(value: unknown): WidgetSessionError {
  const { reason, message, status, retryAfter } = isPlainObject(value) ? value : {}
  const known = widgetReasons.find((one) => one === reason) ?? 'unavailable'
  return new WidgetSessionError(known, String(message), {
    ...(typeof status === 'number' ? { status } : {}),
    ...(typeof retryAfter === 'number' ? { retryAfter } : {}),
  })
}
