import type { WebhookType } from '@hallpass/contracts'
import type { Clock } from '../clock.js'
import { newId } from '../ids.js'
import type { WebhookEventRow } from '../store/queries/webhook-deliveries.js'

/** How long an event is sent again, from when it happened or was replayed. */
export const retryMilliseconds = 3 * 24 * 3_600_000

/** What an event tells: ids, never a token, a name or an address. */
export interface WebhookFact {
  readonly type: WebhookType
  /** Events of one subject are delivered in order. */
  readonly subject: string
  readonly data: Readonly<Record<string, string | number | boolean | undefined>>
}

/** The event of a fact. Its payload has the form of Standard Webhooks. */
export function toEvent(clock: Clock, fact: WebhookFact, id: string = newEventId(clock)): WebhookEventRow {
  const { type, subject, data } = fact
  const at = clock.now()
  const payload = JSON.stringify({ type, timestamp: new Date(at).toISOString(), data })
  return { id, type, subject, payload, at, giveUpAt: at + retryMilliseconds }
}

/** Later events have greater ids. Within a millisecond, those of one transaction are sorted; see {@link toEvents}. */
const newEventId = (clock: Clock): string => `evt_${newId(clock)}`

/** Smaller than the id of every event since a time. A burst of refusals has the time at which its ten minutes begin. */
export function eventIdBefore(milliseconds: number): string {
  const digits = Math.max(0, milliseconds - 3_600_000)
    .toString(16)
    .padStart(12, '0')
  return `evt_${digits.slice(0, 8)}-${digits.slice(8)}`
}

/** The events of one decision, in order. */
export function toEvents(clock: Clock, facts: readonly WebhookFact[]): WebhookEventRow[] {
  const ids = facts.map(() => newEventId(clock)).toSorted()
  return facts.map((fact, index) => toEvent(clock, fact, ids[index]))
}
