import type { Operations, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import type { Account } from '../../store/queries/accounts.js'
import type { Store } from '../../store/store.js'
import type { CutoffWrite } from '../../webhooks/cutoff-event.js'
import { describeEnd, endByStatus, type StatusChange } from './end-by-status.js'
import { readPage } from './pagination.js'

type Upsert = Operations['admin.customers.upsert']
type Get = Operations['admin.customers.get']
type List = Operations['admin.customers.list']

interface Deps {
  readonly account: Account
  readonly clock: Clock
  readonly store: Pick<Store, 'addCutoff' | 'mergeCustomer'>
}

interface ReadDeps {
  readonly account: Account
  readonly store: Pick<Store, 'findCustomer' | 'listCustomers'>
}

/**
 * Adds a customer, or changes the given fields. A status that ends tokens ends them in the same transaction, and again
 * after the commit: tokens minted before the commit are older than the second cutoff.
 */
export const upsertCustomer = {
  async run({ account, clock, store }: Deps, input: ParsedInputOf<Upsert>): Promise<OutputOf<Upsert>> {
    const customer = await store.mergeCustomer(account.id, input)
    if (!customer) throw new HallpassError('state_conflict', messages.customerIdTaken)
    await end({ account, clock, store }, input, 'first')
    return customer
  },

  async afterCommit({ account, clock, store }: Deps, input: ParsedInputOf<Upsert>): Promise<void> {
    await end({ account, clock, store }, input, 'second')
  },

  alsoRecorded: (input: ParsedInputOf<Upsert>) => describeEnd(changeOf(input)),
}

const end = ({ account, clock, store }: Deps, input: ParsedInputOf<Upsert>, write: CutoffWrite) =>
  endByStatus({ accountId: account.id, clock, now: clock.now(), store, write }, changeOf(input))

function changeOf({ id, status }: ParsedInputOf<Upsert>): StatusChange {
  return { scope: 'customer', id, status }
}

export const getCustomer = {
  async run({ account, store }: ReadDeps, { customer_id }: ParsedInputOf<Get>): Promise<OutputOf<Get>> {
    const customer = await store.findCustomer(account.id, customer_id)
    if (!customer) throw new HallpassError('not_found', messages.notInAccount('customer'))
    return customer
  },
}

export const listCustomers = {
  async run({ account, store }: ReadDeps, input: ParsedInputOf<List>): Promise<OutputOf<List>> {
    return readPage(
      input,
      (page) => store.listCustomers(account.id, page),
      (customer) => customer,
    )
  },
}
