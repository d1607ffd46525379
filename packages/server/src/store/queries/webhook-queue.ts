import { type Selectable, sql } from '../kysely.js'
import { changedOne } from '../prepared.js'
import type { Database } from '../schema.js'
import { isPostgres, type Scopes } from '../scope.js'

type Delivery = Selectable<Database['webhook_deliveries']>

/** An attempt that this process has to make. No other process makes it until its lease ends. */
export type WebhookAttempt = Pick<
  Delivery,
  'account_id' | 'endpoint_id' | 'event_id' | 'type' | 'payload' | 'traceparent' | 'attempts' | 'give_up_at' | 'lease'
>

/** An endpoint that something is due for. */
export type DueEndpoint = Pick<
  Selectable<Database['webhook_endpoints']>,
  'id' | 'account_id' | 'url' | 'sealed_secret' | 'sealed_previous' | 'previous_until'
>

/** What became of an attempt. Times in milliseconds. */
export interface AttemptOutcome {
  readonly state: Delivery['state']
  readonly at: number
  readonly nextAttemptAt: number
  readonly status: number | null
  readonly result: string
  readonly expiresAt: number | null
}

/** The work of the deliverers of all servers, for all accounts. */
export function webhookQueueQueries({ unscoped }: Scopes) {
  return {
    /** Enabled endpoints that something is due for. One probe of an index for each endpoint with pending deliveries. */
    async listDueEndpoints(now: number): Promise<DueEndpoint[]> {
      const { rows } = await sql<DueEndpoint>`
        with recursive waiting (id) as (
          select min(endpoint_id) from webhook_deliveries where state = 'pending'
          union all
          select (select min(endpoint_id) from webhook_deliveries where state = 'pending' and endpoint_id > waiting.id)
          from waiting where waiting.id is not null
        )
        select e.id, e.account_id, e.url, e.sealed_secret, e.sealed_previous, e.previous_until
        from waiting join webhook_endpoints e on e.id = waiting.id
        where e.disabled_at is null and e.deleted_at is null and exists (
          select 1 from webhook_deliveries
          where endpoint_id = e.id and state = 'pending' and next_attempt_at <= ${now}
        )`.execute(unscoped)
      return rows
    },

    /**
     * Takes due deliveries of an endpoint until the lease ends: of each subject only the first that is pending, so that
     * a later one waits for it. The write is the decision.
     */
    async leaseWebhookDeliveries(
      endpointId: string,
      { lease, now, until, limit }: { lease: string; now: number; until: number; limit: number },
    ): Promise<WebhookAttempt[]> {
      const [order, locking] = isPostgres(unscoped)
        ? [sql.ref('seq'), sql`for update skip locked`]
        : [sql.ref('rowid'), sql``]
      const { rows } = await sql<WebhookAttempt>`
        update webhook_deliveries set lease = ${lease}, next_attempt_at = ${until}, attempts = attempts + 1
        where endpoint_id = ${endpointId} and state = 'pending' and next_attempt_at <= ${now} and event_id in (
          select event_id from webhook_deliveries as due
          where endpoint_id = ${endpointId} and state = 'pending' and next_attempt_at <= ${now} and not exists (
            select 1 from webhook_deliveries as earlier
            where earlier.endpoint_id = ${endpointId} and earlier.state = 'pending'
              and earlier.subject = due.subject and earlier.${order} < due.${order}
          )
          order by next_attempt_at limit ${limit} ${locking}
        )
        returning account_id, endpoint_id, event_id, type, payload, traceparent, attempts, give_up_at, lease`.execute(
        unscoped,
      )
      return rows
    },

    /** Writes what became of an attempt. False if its lease has ended and another attempt was made. */
    async finishWebhookAttempt(
      { endpoint_id, event_id, lease }: Pick<WebhookAttempt, 'endpoint_id' | 'event_id' | 'lease'>,
      { state, at, nextAttemptAt, status, result, expiresAt }: AttemptOutcome,
    ): Promise<boolean> {
      const write = await sql`
        update webhook_deliveries set state = ${state}, lease = null, next_attempt_at = ${nextAttemptAt}, last_attempt_at = ${at},
          last_status = ${status}, last_result = ${result}, expires_at = ${expiresAt}
        where endpoint_id = ${endpoint_id} and event_id = ${event_id} and lease = ${lease} and state = 'pending'`.execute(
        unscoped,
      )
      return changedOne(write)
    },

    /** Disables an endpoint that answered 410, unless its URL was changed in the meantime. */
    async disableGoneEndpoint({ id, url }: Pick<DueEndpoint, 'id' | 'url'>, now: number): Promise<boolean> {
      const write = await sql`
        update webhook_endpoints set disabled_at = ${now}, disabled_reason = 'gone'
        where id = ${id} and url = ${url} and disabled_at is null and deleted_at is null`.execute(unscoped)
      return changedOne(write)
    },

    /** How many deliveries wait for an attempt, up to a limit, and when the oldest one happened. */
    async countPendingDeliveries(limit: number): Promise<{ readonly pending: number; readonly oldest: number | null }> {
      const { rows } = await sql<{ pending: number | string; oldest: number | string | null }>`
        select count(*) as pending, min(created_at) as oldest from (
          select d.created_at from webhook_deliveries d join webhook_endpoints e on e.id = d.endpoint_id
          where d.state = 'pending' and e.disabled_at is null and e.deleted_at is null limit ${limit}
        ) as waiting`.execute(unscoped)
      const { pending = 0, oldest = null } = rows[0] ?? {}
      return { pending: Number(pending), oldest: oldest === null ? null : Number(oldest) }
    },

    /** Makes pending deliveries dead that no attempt is made for in time, such as those of a disabled endpoint. */
    async expirePendingDeliveries(now: number, { expiresAt, limit }: { expiresAt: number; limit: number }) {
      const write = await sql`
        update webhook_deliveries set state = 'dead', lease = null, last_result = 'expired', expires_at = ${expiresAt}
        where (endpoint_id, event_id) in (
          select endpoint_id, event_id from webhook_deliveries
          where state = 'pending' and give_up_at <= ${now} and next_attempt_at <= ${now} limit ${limit}
        )`.execute(unscoped)
      return Number(write.numAffectedRows ?? 0)
    },

    /** Removes deliveries of deleted endpoints, and then the endpoints. Returns the number of deliveries. */
    async sweepDeletedEndpoints(limit: number): Promise<number> {
      const deleted = sql`select id from webhook_endpoints where deleted_at is not null`
      const write = await sql`
        delete from webhook_deliveries where (endpoint_id, event_id) in (
          select endpoint_id, event_id from webhook_deliveries where endpoint_id in (${deleted}) limit ${limit}
        )`.execute(unscoped)
      const removed = Number(write.numAffectedRows ?? 0)
      if (removed > 0) return removed
      await sql`
        delete from webhook_endpoints where deleted_at is not null
          and not exists (select 1 from webhook_deliveries where endpoint_id = webhook_endpoints.id)`.execute(unscoped)
      return 0
    },
  }
}
