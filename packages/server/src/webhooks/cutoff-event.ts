import type { Clock } from '../clock.js'
import { isoTime } from '../iso-time.js'
import type { EventOfCutoff } from '../store/queries/cutoffs.js'
import { toEvent, type WebhookFact } from './webhook-event.js'

/** Why a cutoff was written. */
type CutoffReason =
  | 'revoked'
  | 'account_disabled'
  | 'account_enabled'
  | 'kind_disabled'
  | 'status_changed'
  | 'observation_ended'
  | 'feed_full'

/** Which write of a cutoff it is. Some cutoffs are written again with a later time, in another transaction. */
export type CutoffWrite = 'only' | 'first' | 'second'

/** Longer than the second write can take to follow the first. If the server crashes between, the event is sent then. */
const heldMilliseconds = 10_000

/**
 * The event of a cutoff, in its own transaction. One event for a cutoff that is written twice: the first one is held, and
 * the second one, which has the later time, replaces it.
 */
export function cutoffEvent(
  clock: Clock,
  reason: CutoffReason,
  { write = 'only', more = {} }: { readonly write?: CutoffWrite; readonly more?: WebhookFact['data'] } = {},
): EventOfCutoff {
  return ({ scope, subject }, notBefore) => {
    const data = { scope, scope_id: subject, not_before: isoTime(notBefore), ...more, reason }
    const event = toEvent(clock, { type: 'session.ended', subject: `${scope} ${subject}`, data })
    if (write === 'only') return event
    const until = notBefore + heldMilliseconds
    return write === 'first' ? { ...event, heldUntil: until } : { ...event, replacesHeldUntil: until }
  }
}
