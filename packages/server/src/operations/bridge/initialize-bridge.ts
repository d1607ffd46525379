import { type bridgeInitialize, endedCustomerStatuses, type OutputOf, type ParsedInputOf } from '@hallpass/contracts'
import { messages } from '../../error-messages.js'
import { HallpassError } from '../../errors.js'
import type { OwnClaims, SignedToken } from '../../signing/sign-token.js'
import type { Account } from '../../store/queries/accounts.js'
import type { ApiKey } from '../../store/queries/api-keys.js'
import type { Customer } from '../../store/queries/customers.js'

type Input = ParsedInputOf<typeof bridgeInitialize>

interface Deps {
  readonly account: Account
  readonly apiKey: Pick<ApiKey, 'id'>
  readonly store: { findCustomer(accountId: string, id: string): Promise<Customer | undefined> }
  readonly sign: (kind: 'bridge', claims: OwnClaims<'bridge'>) => SignedToken
}

/** Mints a session JWT of the Bridge widget for a known customer. */
export const initializeBridge = { check, run }

async function check(deps: Deps, input: Input): Promise<void> {
  if (deps.account.environment === 'production' && input.config.sandbox_outcome !== undefined) {
    const detail = 'is available in the sandbox environment only'
    throw new HallpassError('validation_failed', messages.outcomeInProduction, {
      items: [{ reference: 'config.sandbox_outcome', detail }],
    })
  }
  await requireServed(deps, input)
}

async function requireServed(deps: Deps, input: Input): Promise<void> {
  const customer = await deps.store.findCustomer(deps.account.id, input.customer_id)
  if (!customer) {
    throw new HallpassError('not_found', messages.noCustomer, {
      items: [{ reference: 'customer_id', detail: 'no such customer in this account' }],
    })
  }
  if (endedCustomerStatuses.includes(customer.status)) {
    throw new HallpassError('state_conflict', messages.customerStatus(customer.status), {
      items: [{ reference: 'customer_id', detail: `the customer is ${customer.status}` }],
    })
  }
}

async function run(deps: Deps, input: Input): Promise<OutputOf<typeof bridgeInitialize>> {
  const { account, apiKey } = deps
  const { token } = deps.sign('bridge', {
    sub: input.customer_id,
    account_id: account.id,
    api_key_id: apiKey.id,
    environment: account.environment,
    ...(typeof input.external_id === 'string' ? { external_id: input.external_id } : {}),
    processing_method: input.config.processing_method,
    ...(account.environment === 'sandbox' ? { sandbox_outcome: input.config.sandbox_outcome ?? 'standard' } : {}),
  })
  // a status change that this call doesn't see yet ends what was signed before it
  await requireServed(deps, input)
  return { bridge_token: token }
}
