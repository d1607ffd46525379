import { randomBytes, randomUUID } from 'node:crypto'
import { HallpassClientError } from '@hallpass/client'
import type { BridgeClaims } from '@hallpass/contracts'
import type { AccountType, PaykeyResponse } from '../../../shared/bridge-api.js'
import { isRoutingNumber } from '../../../shared/is-routing-number.js'
import { findBank } from './institutions.js'

/** The account to connect: one of the bank's accounts, or account details that the customer entered. */
export type AccountChoice =
  | { readonly institution_id: string; readonly account_type: AccountType }
  | { readonly routing_number: string; readonly account_number: string; readonly account_type: AccountType }

/** The status of the connection for each sandbox outcome that a bridge token can request. */
const statuses = { standard: 'active', active: 'active', review: 'review', rejected: 'rejected' } as const

/** Connects an account of the bridge token's customer. */
export function makePaykey(claims: BridgeClaims, choice: AccountChoice): PaykeyResponse {
  if (claims.environment !== 'sandbox') {
    throw new HallpassClientError('validation_failed', 'This demo connects sandbox banks only.', { status: 422 })
  }
  const { institution_name, source, ...bank_data } = accountOf(choice)
  const now = new Date().toISOString()
  const last_four = bank_data.account_number.slice(-4)
  return {
    meta: { api_request_id: randomUUID(), api_request_timestamp: now },
    response_type: 'object',
    data: {
      id: randomUUID(),
      paykey: `${randomBytes(4).toString('hex')}.02.${randomBytes(32).toString('hex')}`,
      customer_id: claims.sub,
      label: `${institution_name} · ${choice.account_type} ····${last_four}`,
      institution_name,
      source,
      status: statuses[claims.sandbox_outcome ?? 'standard'],
      created_at: now,
      updated_at: now,
      bank_data: { ...bank_data, account_type: choice.account_type },
    },
  }
}

function accountOf(choice: AccountChoice) {
  if ('institution_id' in choice) {
    const bank = findBank(choice.institution_id)
    const account = bank?.accounts.find(({ type }) => type === choice.account_type)
    if (!bank || !account) throw new HallpassClientError('not_found', "The account doesn't exist.", { status: 404 })
    return {
      institution_name: bank.name,
      source: 'straddle',
      routing_number: bank.routing_number,
      account_number: masked(account.last_four),
    } as const
  }
  if (!isRoutingNumber(choice.routing_number)) {
    throw new HallpassClientError('validation_failed', 'The routing number is invalid.', { status: 422 })
  }
  return {
    institution_name: 'Bank account',
    source: 'bank_account',
    routing_number: choice.routing_number,
    account_number: masked(choice.account_number.slice(-4)),
  } as const
}

const masked = (lastFour: string) => `****${lastFour}`
