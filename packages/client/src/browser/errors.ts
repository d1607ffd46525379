import type { Reason } from '@hallpass/contracts'
import { type ErrorDetails, HallpassError } from '../hallpass-error.js'

/** The closed list of reasons why a widget session can fail: the service's, and the client's own. */
export const widgetReasons = [
  'origin_not_allowed',
  'auth_mode_not_allowed',
  'widget_disabled',
  'invalid_token',
  'client_key_mismatch',
  'invalid_dpop_proof',
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
  // the client's own
  'network',
  'aborted',
  'expired',
  'revoked',
  'no_origin',
  'no_visitor_token',
  'host_not_allowed',
  'frame_silent',
  'frame_blocked',
  'frame_offline',
  'frame_redirected',
  'secret_key',
  'target_not_allowed',
] as const satisfies readonly (Reason | OwnReason)[]

/** Why a widget has no session, or why its call failed. */
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
  | 'frame_blocked'
  | 'frame_offline'
  | 'frame_redirected'
  | 'secret_key'
  | 'target_not_allowed'

/** One of the reasons. Undefined for anything else. */
export const knownReason = (text: unknown): WidgetReason | undefined => widgetReasons.find((reason) => reason === text)

/** Temporary failures. The same call may succeed later, so they don't log anyone out. */
const transient: readonly unknown[] = ['network', 'rate_limited', 'internal_error', 'unavailable']

/** Thrown when a widget session fails. `reason` is a closed list, so a `switch` over it can be exhaustive. */
export class WidgetSessionError extends HallpassError {
  override readonly name = 'WidgetSessionError'
  declare readonly reason: WidgetReason

  constructor(reason: WidgetReason, message: string, details: ErrorDetails = {}) {
    super(reason, message, details)
  }
}

/** The reason of an error. Undefined for an error that isn't this client's. */
export const reasonOf = (error: unknown): WidgetReason | undefined =>
  error instanceof WidgetSessionError ? error.reason : undefined

export const isTransient = (error: unknown): boolean => transient.includes(reasonOf(error))

/** Whether a call that failed like this may have taken effect. A rate-limited one hasn't. */
export const mayBeLost = (error: unknown): boolean => isTransient(error) && reasonOf(error) !== 'rate_limited'

/** Whether this is a refusal, for which neither waiting nor a new session helps. */
export const isRefusal = (error: WidgetSessionError): boolean =>
  !isTransient(error) && !['aborted', 'expired', 'revoked'].includes(error.reason)

/** Converts anything that was thrown to a WidgetSessionError. */
export function toWidgetError(error: unknown): WidgetSessionError {
  if (error instanceof WidgetSessionError) return error
  // fetch throws a TypeError if there is no network
  const reason = error instanceof TypeError ? 'network' : 'no_visitor_token'
  return new WidgetSessionError(reason, 'The page got no visitor token.', { cause: error })
}

/** Refuses a secret key before anything is sent. */
export function requireClientKey(clientKey: string): void {
  if (!clientKey.trim().startsWith('sk_')) return
  throw new WidgetSessionError(
    'secret_key',
    'This is a secret key. Use a client key (pk_…), and replace the secret key.',
  )
}
