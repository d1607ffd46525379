import type { CardStatus, CustomerStatus, FixtureAccount } from '@hallpass/contracts'
import type { Page } from '../page.js'
import { prepared } from '../prepared.js'
import { ownRow, type Scopes } from '../scope.js'

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

/** What decides whether a widget can be opened for a card. */
export interface CardStanding extends Pick<Card, 'status'> {
  readonly customerStatus: CustomerStatus
}

/** Customers and their cards. */
export function customerQueries({ forAccount }: Scopes) {
  const customers = (accountId: string) =>
    forAccount(accountId).selectFrom('customers').select(['id', 'name', 'status'])
  const cards = (accountId: string) =>
    forAccount(accountId).selectFrom('cards').select(['id', 'customer_id', 'status', 'last_four'])

  /**
   * Adds a customer, or changes the given fields of the one with this id. Undefined if the id belongs to another
   * account. The write is the decision.
   */
  async function mergeCustomer(accountId: string, { id, ...named }: CustomerChange): Promise<Customer | undefined> {
    const { name = '', status = 'verified' } = named
    const write = forAccount(accountId)
      .insertInto('customers')
      .values({ account_id: accountId, id, name, status })
      // setting the id to itself keeps the statement valid if no field is given
      .onConflict((oc) =>
        oc
          .column('id')
          .doUpdateSet({ id, ...named })
          .where('customers.account_id', '=', accountId),
      )
      .returning(['id', 'name', 'status'])
    return ownRow(write)
  }

  /**
   * Adds a card, or changes the given fields of the one with this id. Undefined if the id belongs to another account,
   * or the customer isn't one of this account.
   */
  async function mergeCard(accountId: string, { id, customer_id, ...named }: CardChange): Promise<Card | undefined> {
    const { status = 'UNACTIVATED', last_four = null } = named
    const write = forAccount(accountId)
      .insertInto('cards')
      .columns(['account_id', 'id', 'customer_id', 'status', 'last_four'])
      .expression((eb) =>
        eb
          .selectFrom('customers')
          .select([
            eb.val(accountId).as('account_id'),
            eb.val(id).as('id'),
            'customers.id as customer_id',
            eb.val(status).as('status'),
            eb.val(last_four).as('last_four'),
          ])
          .where('customers.account_id', '=', accountId)
          .where('customers.id', '=', customer_id),
      )
      .onConflict((oc) =>
        oc
          .column('id')
          .doUpdateSet({ customer_id, ...named })
          .where('cards.account_id', '=', accountId),
      )
      .returning(['id', 'customer_id', 'status', 'last_four'])
    return ownRow(write)
  }

  return {
    mergeCustomer,
    mergeCard,

    async findCustomer(accountId: string, id: string): Promise<Customer | undefined> {
      return (await findCustomerRow(forAccount(accountId), { accountId, id })).rows[0]
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

    /** Adds or changes a whole customer. False if the id belongs to another account. */
    async upsertCustomer(accountId: string, customer: FixtureAccount['customers'][number]): Promise<boolean> {
      return (await mergeCustomer(accountId, customer)) !== undefined
    },

    async findCard(accountId: string, id: string): Promise<Card | undefined> {
      return cards(accountId).where('account_id', '=', accountId).where('id', '=', id).executeTakeFirst()
    },

    async findCardStanding(accountId: string, id: string): Promise<CardStanding | undefined> {
      return (await findStanding(forAccount(accountId), { accountId, id })).rows[0]
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

    /**
     * Adds or changes a whole card. False if the id belongs to another account, or its customer isn't one of this
     * account.
     */
    async upsertCard(accountId: string, card: FixtureAccount['cards'][number]): Promise<boolean> {
      const whole = { ...card, last_four: card.last_four ?? null }
      return (await mergeCard(accountId, whole)) !== undefined
    },
  }
}

/** The given fields of a record. The rest stays unchanged. */
type Change<Record> = { readonly [Name in keyof Record]?: Record[Name] | undefined }
type CustomerChange = Pick<Customer, 'id'> & Change<Omit<Customer, 'id'>>
type CardChange = Pick<Card, 'id' | 'customer_id'> & Change<Pick<Card, 'status' | 'last_four'>>

type Named = { accountId: string; id: string }

const findCustomerRow = prepared((db, { accountId, id }: Named) =>
  db
    .selectFrom('customers')
    .select(['id', 'name', 'status'])
    .where('account_id', '=', accountId)
    .where('id', '=', id)
    .compile(),
)

const findStanding = prepared((db, { accountId, id }: Named) =>
  db
    .selectFrom('cards')
    .innerJoin('customers', (join) =>
      join.onRef('customers.account_id', '=', 'cards.account_id').onRef('customers.id', '=', 'cards.customer_id'),
    )
    .select(['cards.status', 'customers.status as customerStatus'])
    .where('cards.account_id', '=', accountId)
    .where('cards.id', '=', id)
    .compile(),
)
