import type { Operations, ParsedInputOf } from '@hallpass/contracts'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import type { Account } from '../../store/queries/accounts.js'
import type { Store } from '../../store/store.js'

type Input = ParsedInputOf<Operations['admin.sessions.revoke']>

interface Deps {
  readonly account: Pick<Account, 'id'>
  readonly store: Pick<Store, 'findClientKeyById' | 'findCustomer' | 'findCard' | 'findApiKey' | 'findKind'>
}

/**
 * Refuses to revoke something that doesn't belong to the account. None of these records is ever deleted, so a record
 * found here still exists when the revocation is decided.
 */
export async function requireSubject({ account: { id: accountId }, store }: Deps, input: Input): Promise<void> {
  const { session_id, client_key_id, customer_id, card_id, api_key_id, kind } = input
  const isClientKey = async (id: string) => (await store.findClientKeyById(accountId, id)) !== undefined
  if (session_id !== undefined && (await isClientKey(session_id))) {
    const detail = 'is the id of a client key; give it as client_key_id'
    throw new HallpassError('validation_failed', messages.invalidField('session_id', detail), {
      items: [{ reference: 'session_id', detail }],
    })
  }
  if (client_key_id !== undefined && !(await isClientKey(client_key_id))) throw unknown('client_key_id', 'client key')
  if (customer_id !== undefined && !(await store.findCustomer(accountId, customer_id))) {
    throw unknown('customer_id', 'customer')
  }
  if (card_id !== undefined && !(await store.findCard(accountId, card_id))) throw unknown('card_id', 'card')
  if (api_key_id !== undefined && !(await store.findApiKey(accountId, api_key_id))) {
    throw unknown('api_key_id', 'secret key')
  }
  if (kind !== undefined && !(await store.findKind(accountId, kind))) throw unknown('kind', 'declared kind')
}

function unknown(reference: string, what: string): HallpassError {
  const detail = `no such ${what} in this account`
  return new HallpassError('not_found', messages.nothingEnded(detail), { items: [{ reference, detail }] })
}
