import type { Reason } from '@hallpass/contracts'

/** What the service can refuse a widget for, and what can go wrong before it is asked. A closed list. */
export const widgetReasons = [
  'origin_not_allowed',
  'auth_mode_not_allowed',
  'widget_disabled',
  'invalid_token',
  'client_key_mismatch',
  'missing_field',
  'malformed_request',
  'invalid_header',
  'method_not_allowed',
  'payload_too_large',
  'unsupported_media_type',
  'validation_failed',
  'rate_limited',
  'internal_error',
  'unavailable',
  // not of the service
  'network',
  'aborted',
  'expired',
  'revoked',
  'no_origin',
  'no_visitor_token',
  'host_not_allowed',
  'frame_silent',
  'target_not_allowed',
] as const satisfies readonly (Reason | OwnReason)[]

/** Why a widget has no session, or no answer. */
export type WidgetReason = (typeof widgetReasons)[number]

type OwnReason =
  | 'network'
  | 'aborted'
  | 'expired'
  | 'revoked'
  | 'no_origin'
  | 'no_visitor_token'
  | 'host_not_allowed'
  | 'frame_silent'
  | 'target_not_allowed'

/** Reasons that time mends: the same call may work later, so nobody is logged out for them. */
const passing: ReadonlySet<WidgetReason> = new Set(['network', 'rate_limited', 'internal_error', 'unavailable'])

/** Every failure of a widget session. `reason` is a closed list, so that a `switch` over it can be complete. */
export class WidgetSessionError extends Error {
  override readonly name = 'WidgetSessionError'
  readonly reason: WidgetReason
  /** The HTTP status; undefined where no answer came. */
  readonly status: number | undefined
  /** Whole seconds to wait before trying again, where the service said so. */
  readonly retryAfter: number | undefined

  constructor(
    reason: WidgetReason,
    message: string,
    details: { status?: number; retryAfter?: number; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause })
    this.reason = reason
    this.status = details.status
    this.retryAfter = details.retryAfter
  }
}

export const isPassing = (error: unknown): boolean => error instanceof WidgetSessionError && passing.has(error.reason)

/** Whether someone said no: neither time nor another session mends it, and nobody took the call back. */
export const isRefusal = (error: WidgetSessionError): boolean =>
  !isPassing(error) && !['aborted', 'expired', 'revoked'].includes(error.reason)

/** Anything that was thrown, as the one error class. */
export function toWidgetError(error: unknown): WidgetSessionError {
  if (error instanceof WidgetSessionError) return error
  // what fetch throws when there is no network
  if (error instanceof TypeError) {
    return new WidgetSessionError('network', "The page's own backend could not be reached.", { cause: error })
  }
  return new WidgetSessionError('no_visitor_token', 'The page could not get a token for its visitor.', { cause: error })
}
