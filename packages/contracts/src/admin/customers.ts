import { defineOperation } from '../operation.js'
import { listExample, paged, read, write } from './common.js'
import {
  AdminCard,
  AdminCustomer,
  CardGetInput,
  CardUpsertInput,
  CustomerGetInput,
  CustomerUpsertInput,
  pageOf,
} from './schemas.js'

const customer = { id: '182bd5e5-6e1a-4fe4-a799-aa6d9a6ab26e', name: 'Ada Lovelace', status: 'verified' }
const card = {
  id: '7d943c51-e4ff-4e57-9558-08cab6b963c7',
  customer_id: customer.id,
  status: 'ACTIVE',
  last_four: '4242',
}

/** Customers and their cards. */
export const adminCustomersOperations = {
  'admin.customers.upsert': defineOperation({
    ...write,
    id: 'admin.customers.upsert',
    summary: 'Add or change a customer',
    description:
      'Fields you leave out keep their value; a new customer is `verified`. An id that belongs to another account is refused as a conflict.',
    paths: ['/v1/admin/customers'],
    input: CustomerUpsertInput,
    output: AdminCustomer,
    example: { input: customer, output: customer },
  }),
  'admin.customers.get': defineOperation({
    ...read,
    id: 'admin.customers.get',
    summary: 'Get a customer',
    description: 'Returns one customer of the acting account.',
    paths: ['/v1/admin/customers/{customer_id}'],
    pathFields: ['customer_id'],
    input: CustomerGetInput,
    output: AdminCustomer,
    example: { input: { customer_id: customer.id }, output: customer },
  }),
  'admin.customers.list': defineOperation({
    ...read,
    ...paged,
    id: 'admin.customers.list',
    summary: 'List customers',
    description: 'Returns the customers of the acting account, ordered by id.',
    paths: ['/v1/admin/customers'],
    output: pageOf(AdminCustomer),
    example: listExample(customer),
  }),
  'admin.cards.upsert': defineOperation({
    ...write,
    id: 'admin.cards.upsert',
    summary: 'Add or change a card',
    description:
      'Fields you leave out keep their value; a new card is `UNACTIVATED`. The customer must belong to the acting account.',
    paths: ['/v1/admin/cards'],
    input: CardUpsertInput,
    output: AdminCard,
    example: { input: card, output: card },
  }),
  'admin.cards.get': defineOperation({
    ...read,
    id: 'admin.cards.get',
    summary: 'Get a card',
    description: 'Returns one card of the acting account.',
    paths: ['/v1/admin/cards/{card_id}'],
    pathFields: ['card_id'],
    input: CardGetInput,
    output: AdminCard,
    example: { input: { card_id: card.id }, output: card },
  }),
  'admin.cards.list': defineOperation({
    ...read,
    ...paged,
    id: 'admin.cards.list',
    summary: 'List cards',
    description: 'Returns the cards of the acting account, ordered by id.',
    paths: ['/v1/admin/cards'],
    output: pageOf(AdminCard),
    example: listExample(card),
  }),
} as const
