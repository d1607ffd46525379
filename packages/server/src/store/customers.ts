import type { CardStatus, CustomerStatus, FixtureAccount } from '@hallpass/contracts'
import type { Page } from './page.js'
import { type Scopes, wroteOwn } from './scope.js'

export interface Customer {
  readonly id: string
  readonly name: string
  readonly status: CustomerStatus
}

export interface Card {
  readonly id: string
  readonly customer_id: string
  readonly status: CardStatus
  readonly last_four: string | null
}

/** Customers and their cards. */
export function customerQueries({ of }: Scopes) {
  const customers = (accountId: string) => of(accountId).selectFrom('customers').select(['id', 'name', 'status'])
  const cards = (accountId: string) =>
    of(accountId).selectFrom('cards').select(['id', 'customer_id', 'status', 'last_four'])

  return {
    async findCustomer(accountId: string, id: string): Promise<Customer | undefined> {
      return customers(accountId).where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()
    },

    async findCustomers(accountId: string, ids: readonly string[]): Promise<Customer[]> {
      if (ids.length === 0) return []
      return customers(accountId).where('account_id', '=', accountId).where('id', 'in', ids).execute()
    },

    async listCustomers(accountId: string, { after, limit }: Page): Promise<Customer[]> {
      return customers(accountId)
        .where('account_id', '=', accountId)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute()
    },

    /** Adds or changes a customer; false when the id is another account's. The write is the decision. */
    async upsertCustomer(accountId: string, customer: FixtureAccount['customers'][number]): Promise<boolean> {
      const values = { name: customer.name, status: customer.status }
      const write = of(accountId)
        .insertInto('customers')
        .values({ account_id: accountId, id: customer.id, ...values })
        .onConflict((oc) => oc.column('id').doUpdateSet(values).where('customers.account_id', '=', accountId))
      return wroteOwn(write)
    },

    async findCard(accountId: string, id: string): Promise<Card | undefined> {
      return cards(accountId).where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()
    },

    async findCards(accountId: string, ids: readonly string[]): Promise<Card[]> {
      if (ids.length === 0) return []
      return cards(accountId).where('account_id', '=', accountId).where('id', 'in', ids).execute()
    },

    async listCards(accountId: string, { after, limit }: Page): Promise<Card[]> {
      return cards(accountId)
        .where('account_id', '=', accountId)
        .where('id', '>', after)
        .orderBy('id')
        .limit(limit)
        .execute()
    },

    /** Adds or changes a card; false when the id is another account's, or its customer is not one of this account. */
    async upsertCard(accountId: string, card: FixtureAccount['cards'][number]): Promise<boolean> {
      const values = { customer_id: card.customer_id, status: card.status, last_four: card.last_four ?? null }
      const write = of(accountId)
        .insertInto('cards')
        .columns(['account_id', 'id', 'customer_id', 'status', 'last_four'])
        .expression((eb) =>
          eb
            .selectFrom('customers')
            .select([
              eb.val(accountId).as('account_id'),
              eb.val(card.id).as('id'),
              'customers.id as customer_id',
              eb.val(values.status).as('status'),
              eb.val(values.last_four).as('last_four'),
            ])
            .where('customers.account_id', '=', accountId)
            .where('customers.id', '=', card.customer_id),
        )
        .onConflict((oc) => oc.column('id').doUpdateSet(values).where('cards.account_id', '=', accountId))
      return wroteOwn(write)
    },
  }
}
