import type { FixtureAccount } from '@hallpass/contracts'
import { type Account, defaultRequestsPerSecond } from '../store/accounts.js'
import type { ApiKey } from '../store/api-keys.js'
import { type ClientKey, defaultGuestPerMinute } from '../store/client-keys.js'
import { apiKeyOf, clientKeyOf, settingsOf } from './export-fixture.js'
import type { Fields } from './merge-fields.js'

export type { Fields } from './merge-fields.js'

type ApiKeyEntry = FixtureAccount['api_keys'][number]
type ClientKeyEntry = FixtureAccount['client_keys'][number]

// Both sides of a comparison have the form of an export: a record of the database, and an entry with what it leaves out.

export function account(row: Account): Fields {
  const { id: _, ...fields } = settingsOf(row)
  return plain(fields)
}

export function wantedAccount({ name, tenant, environment, parent_id, rate_limit }: FixtureAccount): Fields {
  const { requests_per_second = defaultRequestsPerSecond, requests_per_second_per_key: perKey = 0 } = rate_limit ?? {}
  const limits = { requests_per_second, ...(perKey === 0 ? {} : { requests_per_second_per_key: perKey }) }
  return plain({ name, tenant, environment, parent_id: parent_id ?? null, rate_limit: limits })
}

export const apiKey = (row: ApiKey): Fields => plain({ ...apiKeyOf(row), disabled: row.disabled })

export const wantedApiKey = ({ name, scopes, disabled }: ApiKeyEntry, current: Fields | undefined): Fields =>
  plain({ name, scopes, disabled: disabledOf(disabled, current) })

export const unknownKey = ({ scopes, disabled }: ApiKey): Fields => plain({ scopes, disabled })

export const wantedUnknownKey = ({ scopes, disabled }: ApiKeyEntry, current: Fields | undefined): Fields =>
  plain({ scopes, disabled: disabledOf(disabled, current) })

export function clientKey(row: ClientKey): Fields {
  const { client_key: _, ...fields } = clientKeyOf(row)
  return plain(fields)
}

export function wantedClientKey(entry: ClientKeyEntry, current: Fields | undefined): Fields {
  const { client_key: _, disabled, rate_limit, supported_locales, ...fields } = entry
  return plain({
    ...fields,
    disabled: disabledOf(disabled, current),
    supported_locales: supported_locales ?? [entry.locale],
    rate_limit: { guest_per_minute: defaultGuestPerMinute, ...rate_limit },
  })
}

export const customer = ({ name, status }: Pick<FixtureAccount['customers'][number], 'name' | 'status'>): Fields => ({
  name,
  status,
})

type CardFields = Pick<FixtureAccount['cards'][number], 'customer_id' | 'status' | 'last_four'>
export const card = ({ customer_id, status, last_four }: CardFields): Fields => ({
  customer_id,
  status,
  last_four: last_four ?? null,
})

/** An entry that does not say leaves a key as it is; a new key is not disabled. */
const disabledOf = (disabled: boolean | undefined, current: Fields | undefined) =>
  disabled ?? current?.disabled ?? false

/** As JSON has it: a member that is undefined is none. */
const plain = (fields: Fields): Fields => JSON.parse(JSON.stringify(fields))
