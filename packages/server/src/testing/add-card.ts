import type { CardStatus } from '@hallpass/contracts'
import type { Store } from '../store/store.js'

/** Adds an account with one customer and one card, whose id it returns, or changes the card's status. */
export async function addCard(store: Store, accountId: string, status: CardStatus = 'ACTIVE'): Promise<string> {
  const id = `card of ${accountId}`
  const customer_id = `customer of ${accountId}`
  await store.upsertAccount({
    id: accountId,
    name: 'Acme',
    tenant: accountId,
    environment: 'sandbox',
    parent_id: null,
  })
  await store.upsertCustomer(accountId, { id: customer_id, name: 'Ada', status: 'verified' })
  await store.upsertCard(accountId, { id, customer_id, status })
  return id
}
