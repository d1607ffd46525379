import type { DeliveryState, WebhookType } from '@hallpass/contracts'
import { type Kysely, type Selectable, sql } from '../kysely.js'
import type { NewestFirst } from '../page.js'
import { prepared } from '../prepared.js'
import type { Database } from '../schema.js'
import type { Scopes } from '../scope.js'

export type WebhookDelivery = Selectable<Database['webhook_deliveries']>

/** Something that happened. Times in milliseconds. */
export interface WebhookEventRow {
  readonly id: string
  readonly type: WebhookType
  readonly subject: string
  readonly payload: string
  readonly traceparent?: string
  readonly at: number
  readonly giveUpAt: number
  /** When the first attempt is due, if the event is held until then. */
  readonly heldUntil?: number
  /** Removes earlier events of the same type and subject that are held until this time at most. */
  readonly replacesHeldUntil?: number
}

/** An endpoint of an account. */
interface EndpointName {
  readonly accountId: string
  readonly endpointId: string
}

/** Which deliveries to send again: one; those since a time (milliseconds) that come after an id; or the dead ones. */
export type ReplayChoice =
  | { readonly eventId: string }
  | { readonly since: number; readonly after: string; readonly limit: number }
  | { readonly limit: number }

export function webhookDeliveryQueries({ forAccount, unscoped }: Scopes) {
  const all = ({ accountId, endpointId }: EndpointName) =>
    forAccount(accountId)
      .selectFrom('webhook_deliveries')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('endpoint_id', '=', endpointId)

  return {
    /** Writes a delivery for each enabled endpoint of the account that subscribed to the event. */
    async addWebhookEvent(accountId: string, event: WebhookEventRow): Promise<void> {
      await insertEvent(forAccount(accountId), accountId, event)
    },

    /** The same for an event of the server as a whole, which the endpoints of all accounts may get. */
    async addServerWebhookEvent(event: WebhookEventRow): Promise<void> {
      await insertForAll(unscoped, valuesOf(event))
    },

    /** Writes an event for one endpoint, whatever it subscribed to. */
    async addTestEvent({ accountId, endpointId }: EndpointName, event: WebhookEventRow): Promise<void> {
      const { id, type, subject, payload, at, giveUpAt } = event
      await forAccount(accountId)
        .insertInto('webhook_deliveries')
        .values({
          ...{ account_id: accountId, endpoint_id: endpointId, event_id: id, type, subject, payload },
          ...{ state: 'pending', created_at: at, attempts: 0, next_attempt_at: at, give_up_at: giveUpAt },
        })
        .execute()
    },

    async listWebhookDeliveries(
      endpoint: EndpointName,
      { before, limit, state }: NewestFirst & { readonly state: DeliveryState | undefined },
    ): Promise<WebhookDelivery[]> {
      const inState = state === undefined ? all(endpoint) : all(endpoint).where('state', '=', state)
      const older = before === undefined ? inState : inState.where('event_id', '<', before)
      return older.orderBy('event_id', 'desc').limit(limit).execute()
    },

    /** Makes deliveries pending again, the oldest first. Returns the ids of their events. */
    async replayWebhookDeliveries(
      { accountId, endpointId }: EndpointName,
      choice: ReplayChoice,
      { now, giveUpAt }: { readonly now: number; readonly giveUpAt: number },
    ): Promise<string[]> {
      const db = forAccount(accountId)
      const own = db
        .selectFrom('webhook_deliveries')
        .select('event_id')
        .where('endpoint_id', '=', endpointId)
        .orderBy('event_id')
      const named = () => {
        if ('eventId' in choice) return [choice.eventId]
        if (!('since' in choice)) return own.where('state', '=', 'dead').limit(choice.limit)
        return own
          .where('event_id', '>', choice.after)
          .where('created_at', '>=', choice.since)
          .where('state', '!=', 'pending')
          .limit(choice.limit)
      }
      const rows = await db
        .updateTable('webhook_deliveries')
        .set({
          state: 'pending',
          attempts: 0,
          next_attempt_at: now,
          give_up_at: giveUpAt,
          lease: null,
          expires_at: null,
        })
        .where('account_id', '=', accountId)
        .where('endpoint_id', '=', endpointId)
        .where('event_id', 'in', named())
        .returning('event_id')
        .execute()
      return rows.map(({ event_id }) => event_id).toSorted()
    },
  }
}

/** Writes a delivery for each enabled endpoint of the account that subscribed to the event, in a transaction. */
export async function insertEvent(db: Kysely<Database>, accountId: string, event: WebhookEventRow): Promise<void> {
  const { type, subject, replacesHeldUntil } = event
  if (replacesHeldUntil !== undefined) await removeHeld(db, { accountId, type, subject, until: replacesHeldUntil })
  await insertForAccount(db, { ...valuesOf(event), accountId })
}

/** Held events that no attempt was made for. One that is being sent stays, because its receiver may have it. */
const removeHeld = prepared(
  (db, { accountId, type, subject, until }: Record<'accountId' | 'type' | 'subject', string> & { until: number }) =>
    db
      .deleteFrom('webhook_deliveries')
      .where('endpoint_id', 'in', (eb) =>
        eb.selectFrom('webhook_endpoints').select('id').where('account_id', '=', accountId),
      )
      .where('subject', '=', subject)
      .where('state', '=', sql.lit('pending'))
      .where('type', '=', sql<WebhookType>`${type}`)
      .where('attempts', '=', sql.lit(0))
      // replayed ones had an attempt
      .where('last_attempt_at', 'is', null)
      .whereRef('next_attempt_at', '>', 'created_at')
      .where('next_attempt_at', '<=', until)
      .compile(),
)

const valuesOf = ({ traceparent, heldUntil, replacesHeldUntil: _, ...event }: WebhookEventRow): Values => ({
  ...event,
  traceparent: traceparent ?? null,
  dueAt: heldUntil ?? event.at,
  pattern: `%,${event.type},%`,
})

type Values = {
  traceparent: string | null
  id: string
  type: WebhookType
  subject: string
  payload: string
  at: number
  dueAt: number
  giveUpAt: number
  pattern: string
}

const insertFor = (db: Kysely<Database>, values: Values) =>
  db
    .selectFrom('webhook_endpoints')
    .select((eb) => [
      'account_id',
      'webhook_endpoints.id as endpoint_id',
      eb.cast<string>(eb.val(values.id), 'text').as('event_id'),
      eb.cast<WebhookType>(eb.val(values.type), 'text').as('type'),
      eb.cast<string>(eb.val(values.subject), 'text').as('subject'),
      eb.cast<string>(eb.val(values.payload), 'text').as('payload'),
      eb.cast<string | null>(eb.val(values.traceparent), 'text').as('traceparent'),
      sql.lit<DeliveryState>('pending').as('state'),
      eb.cast<number>(eb.val(values.at), 'bigint').as('created_at'),
      sql.lit(0).as('attempts'),
      eb.cast<number>(eb.val(values.dueAt), 'bigint').as('next_attempt_at'),
      eb.cast<number>(eb.val(values.giveUpAt), 'bigint').as('give_up_at'),
    ])
    .where('disabled_at', 'is', null)
    .where('deleted_at', 'is', null)
    .where((eb) => {
      // without the cast, SQLite prepares the statement again for each value, which takes twice as long as the write
      const pattern = eb.cast<string>(eb.val(values.pattern), 'text')
      return eb.or([eb('event_types', '=', ',*,'), eb('event_types', 'like', pattern)])
    })

const columns = [
  ...(['account_id', 'endpoint_id', 'event_id', 'type', 'subject', 'payload', 'traceparent', 'state'] as const),
  ...(['created_at', 'attempts', 'next_attempt_at', 'give_up_at'] as const),
]

const insertForAccount = prepared(
  (db, values: Values & { accountId: string }) =>
    db
      .insertInto('webhook_deliveries')
      .columns(columns)
      .expression(insertFor(db, values).where('account_id', '=', values.accountId))
      // an event that was reported before has the same id
      .onConflict((oc) => oc.columns(['endpoint_id', 'event_id']).doNothing())
      .compile(),
  { isResultUnused: true },
)

const insertForAll = prepared(
  (db, values: Values) =>
    db
      .insertInto('webhook_deliveries')
      .columns(columns)
      .expression(insertFor(db, values))
      .onConflict((oc) => oc.columns(['endpoint_id', 'event_id']).doNothing())
      .compile(),
  { isResultUnused: true },
)
