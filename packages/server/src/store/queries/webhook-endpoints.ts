import { type Selectable, sql } from '../kysely.js'
import type { Page } from '../page.js'
import { changedOne, prepared } from '../prepared.js'
import type { Database } from '../schema.js'
import { isPostgres, type Scopes } from '../scope.js'

export type WebhookEndpoint = Selectable<Database['webhook_endpoints']>
export type NewWebhookEndpoint = Pick<
  WebhookEndpoint,
  'id' | 'url' | 'event_types' | 'description' | 'sealed_secret' | 'created_at'
>
export type WebhookEndpointPatch = Partial<
  Pick<WebhookEndpoint, 'url' | 'event_types' | 'description' | 'disabled_at' | 'disabled_reason'>
>
type Secrets = Pick<WebhookEndpoint, 'sealed_secret' | 'sealed_previous' | 'previous_until'>

export function webhookEndpointQueries({ forAccount, unscoped }: Scopes) {
  const mine = (accountId: string) =>
    forAccount(accountId)
      .selectFrom('webhook_endpoints')
      .selectAll()
      .where('account_id', '=', accountId)
      .where('deleted_at', 'is', null)

  return {
    /** Adds an endpoint, unless the account has so many. The write is the decision. */
    async insertWebhookEndpoint(accountId: string, endpoint: NewWebhookEndpoint, most: number): Promise<boolean> {
      const { id, url, event_types, description, sealed_secret, created_at } = endpoint
      const result = await sql`
        insert into webhook_endpoints (id, account_id, url, event_types, description, sealed_secret, created_at)
        select ${id}, ${accountId}, ${url}, ${event_types}, ${description}, ${sealed_secret},
          cast(${created_at} as bigint)
        where (select count(*) from webhook_endpoints
          where account_id = ${accountId} and deleted_at is null) < ${most}`.execute(forAccount(accountId))
      return changedOne(result)
    },

    async findWebhookEndpoint(accountId: string, id: string): Promise<WebhookEndpoint | undefined> {
      return mine(accountId).where('id', '=', id).executeTakeFirst()
    },

    /** An endpoint, locked until this transaction ends. SQLite has one writer at a time anyway. */
    async lockWebhookEndpoint(accountId: string, id: string): Promise<WebhookEndpoint | undefined> {
      return mine(accountId)
        .where('id', '=', id)
        .$if(isPostgres(forAccount(accountId)), (query) => query.forNoKeyUpdate())
        .executeTakeFirst()
    },

    async listWebhookEndpoints(accountId: string, { after, limit }: Page): Promise<WebhookEndpoint[]> {
      return mine(accountId).where('id', '>', after).orderBy('id').limit(limit).execute()
    },

    /** Changes the given fields and returns the endpoint. Undefined if the account has no such endpoint. */
    async patchWebhookEndpoint(
      accountId: string,
      id: string,
      patch: WebhookEndpointPatch | Secrets,
    ): Promise<WebhookEndpoint | undefined> {
      return forAccount(accountId)
        .updateTable('webhook_endpoints')
        .set({ id, ...patch })
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .where('deleted_at', 'is', null)
        .returningAll()
        .executeTakeFirst()
    },

    /** False if the account has no such endpoint. Its row is removed later, after its deliveries. */
    async deleteWebhookEndpoint(accountId: string, id: string, now: number): Promise<boolean> {
      const result = await forAccount(accountId)
        .updateTable('webhook_endpoints')
        .set({ deleted_at: now, sealed_secret: '', sealed_previous: null })
        .where('account_id', '=', accountId)
        .where('id', '=', id)
        .where('deleted_at', 'is', null)
        .executeTakeFirst()
      return result.numUpdatedRows === 1n
    },

    /** The event types that an enabled endpoint of the account subscribed to. `*` is every one. */
    async findSubscribedTypes(accountId: string): Promise<ReadonlySet<string>> {
      const { rows } = await subscribed(forAccount(accountId), { accountId })
      return new Set(rows.flatMap(({ event_types }) => event_types.split(',').filter(Boolean)))
    },

    /** What a rotation of the data key has to seal again. */
    async listWebhookSecrets(): Promise<Pick<WebhookEndpoint, 'id' | 'sealed_secret' | 'sealed_previous'>[]> {
      return unscoped
        .selectFrom('webhook_endpoints')
        .select(['id', 'sealed_secret', 'sealed_previous'])
        .where('deleted_at', 'is', null)
        .execute()
    },

    /** Replaces the seals of an endpoint's secrets, unless they were rotated in the meantime. */
    async resealWebhookSecrets(
      { id, sealed_secret }: Pick<WebhookEndpoint, 'id' | 'sealed_secret'>,
      to: Pick<WebhookEndpoint, 'sealed_secret' | 'sealed_previous'>,
    ): Promise<void> {
      await unscoped
        .updateTable('webhook_endpoints')
        .set(to)
        .where('id', '=', id)
        .where('sealed_secret', '=', sealed_secret)
        .execute()
    },
  }
}

const subscribed = prepared((db, { accountId }: { accountId: string }) =>
  db
    .selectFrom('webhook_endpoints')
    .select('event_types')
    .where('account_id', '=', accountId)
    .where('disabled_at', 'is', null)
    .where('deleted_at', 'is', null)
    .compile(),
)
