import type { Operations, OutputOf, ParsedInputOf } from '@hallpass/contracts'
import type { Clock } from '../../clock.js'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import { newId } from '../../ids.js'
import { type Account, defaultRequestsPerSecond } from '../../store/queries/accounts.js'
import type { Store } from '../../store/store.js'
import { readPage } from './pagination.js'

type Create = Operations['admin.accounts.create']
type List = Operations['admin.accounts.list']

interface Deps {
  readonly account: Account
  readonly clock: Clock
  readonly store: Pick<Store, 'insertAccount'>
}

interface ReadDeps {
  readonly account: Account
  readonly store: Pick<Store, 'listAccounts'>
}

/** Creates a child of the account in scope, in the same environment. */
export const createAccount = {
  async run({ account, clock, store }: Deps, input: ParsedInputOf<Create>): Promise<OutputOf<Create>> {
    const { environment, id: parent_id } = account
    const child = { id: newId(clock), ...input, environment, parent_id }
    if (await store.insertAccount(child)) return showAccount({ ...child, parentId: parent_id, ...newAccount })
    throw new HallpassError('state_conflict', messages.labelTaken)
  },
}

/** Lists the account in scope and its children. */
export const listAccounts = {
  async run({ account, store }: ReadDeps, input: ParsedInputOf<List>): Promise<OutputOf<List>> {
    return readPage(input, (page) => store.listAccounts(account.id, page), showAccount)
  },
}

/** The settings of an account that was just created. */
const newAccount = { requestsPerSecond: defaultRequestsPerSecond, requestsPerSecondPerKey: 0, disabled: false }

/** An account in a response. */
export const showAccount = (account: Account): OutputOf<Create> => ({
  id: account.id,
  name: account.name,
  tenant: account.tenant,
  environment: account.environment,
  parent_id: account.parentId,
  disabled: account.disabled,
  rate_limit: {
    requests_per_second: account.requestsPerSecond,
    requests_per_second_per_key: account.requestsPerSecondPerKey,
  },
})
