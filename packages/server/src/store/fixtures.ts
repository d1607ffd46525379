import type { FixtureAccount } from '@hallpass/contracts'
import type { Kysely } from 'kysely'
import type { Database } from './schema.js'

/** Upserts of configuration. Each answers false when the id already belongs to another account. */
export function fixtureQueries(db: Kysely<Database>) {
  return {
    async upsertAccount(account: FixtureAccount): Promise<void> {
      const values = {
        name: account.name,
        tenant: account.tenant,
        environment: account.environment,
        parent_id: account.parent_id ?? null,
        requests_per_second: account.rate_limit?.requests_per_second ?? null,
      }
      await db
        .insertInto('accounts')
        .values({ id: account.id, ...values })
        .onConflict((oc) => oc.column('id').doUpdateSet(values))
        .execute()
    },

    async upsertApiKey(
      accountId: string,
      key: {
        id: string
        name: string
        secretHash: string
        scopes: readonly string[]
        disabled: boolean
        createdAt: number
      },
    ): Promise<boolean> {
      const values = { name: key.name, scopes: JSON.stringify(key.scopes), disabled: Number(key.disabled) }
      const result = await db
        .insertInto('api_keys')
        .values({
          id: key.id,
          account_id: accountId,
          secret_hash: key.secretHash,
          created_at: key.createdAt,
          expires_at: null,
          last_used_on: null,
          ...values,
        })
        .onConflict((oc) => oc.column('secret_hash').doUpdateSet(values).where('api_keys.account_id', '=', accountId))
        .executeTakeFirst()
      return result.numInsertedOrUpdatedRows === 1n
    },

    async upsertClientKey(accountId: string, id: string, key: FixtureAccount['client_keys'][number]): Promise<boolean> {
      const values = {
        name: key.name,
        origin_allowlist: JSON.stringify(key.origin_allowlist),
        auth_mode: key.auth_mode,
        widget_enabled: Number(key.widget_enabled),
        disabled: Number(key.disabled),
        agent: JSON.stringify(key.agent),
        branding: JSON.stringify(key.branding),
        copy: JSON.stringify(key.copy),
        locale: key.locale,
        supported_locales: JSON.stringify(key.supported_locales),
        guest_per_minute: key.rate_limit?.guest_per_minute ?? null,
      }
      const result = await db
        .insertInto('client_keys')
        .values({ id, account_id: accountId, client_key: key.client_key, ...values })
        .onConflict((oc) => oc.column('client_key').doUpdateSet(values).where('client_keys.account_id', '=', accountId))
        .executeTakeFirst()
      return result.numInsertedOrUpdatedRows === 1n
    },

    async upsertCustomer(accountId: string, customer: FixtureAccount['customers'][number]): Promise<boolean> {
      if (await ownedByAnother('customers', accountId, customer.id)) return false
      const values = { name: customer.name, status: customer.status }
      await db
        .insertInto('customers')
        .values({ account_id: accountId, id: customer.id, ...values })
        .onConflict((oc) => oc.columns(['account_id', 'id']).doUpdateSet(values))
        .execute()
      return true
    },

    /** Also false when the card's customer is not one of the account. */
    async upsertCard(accountId: string, card: FixtureAccount['cards'][number]): Promise<boolean> {
      if (await ownedByAnother('cards', accountId, card.id)) return false
      const owner = await db
        .selectFrom('customers')
        .select('id')
        .where('account_id', '=', accountId)
        .where('id', '=', card.customer_id)
        .executeTakeFirst()
      if (!owner) return false
      const values = { customer_id: card.customer_id, status: card.status, last_four: card.last_four ?? null }
      await db
        .insertInto('cards')
        .values({ account_id: accountId, id: card.id, ...values })
        .onConflict((oc) => oc.columns(['account_id', 'id']).doUpdateSet(values))
        .execute()
      return true
    },
  }

  async function ownedByAnother(table: 'customers' | 'cards', accountId: string, id: string): Promise<boolean> {
    const query = db.selectFrom(table).select('id').where('id', '=', id).where('account_id', '!=', accountId)
    return (await query.executeTakeFirst()) !== undefined
  }
}
