import { type FixtureAccount, formatAllowlistRule } from '@hallpass/contracts'
import type { Account } from '../store/accounts.js'
import type { ApiKey } from '../store/api-keys.js'
import type { ClientKey } from '../store/client-keys.js'
import type { Page } from '../store/page.js'
import type { Store } from '../store/store.js'
import { rateLimitOf } from './client-keys.js'

const pageRows = 500

type Needs = Pick<Store, 'listEveryAccount' | 'listApiKeys' | 'listClientKeys' | 'listCustomers' | 'listCards'>

/**
 * Every account with all that belongs to it, as a fixture's text, piece by piece. Secret keys come without their secrets,
 * which are kept nowhere; those that are disabled, or are to expire, stay behind.
 */
export async function* exportFixture(store: Needs): AsyncGenerator<string> {
  yield '{"accounts":['
  let isFirst = true
  for await (const account of rowsOf((page) => store.listEveryAccount(page))) {
    yield isFirst ? '\n' : ',\n'
    isFirst = false
    yield* exportAccount(store, account)
  }
  yield '\n]}\n'
}

/** The lists are written item by item: an account may have more customers than fit into memory. */
async function* exportAccount(store: Needs, account: Account): AsyncGenerator<string> {
  const { id } = account
  yield JSON.stringify(settingsOf(account)).slice(0, -1)
  yield `,"api_keys":${JSON.stringify((await liveKeysOf(store, id)).map(apiKeyOf))}`
  yield* list('client_keys', await clientKeysOf(store, id), clientKeyOf)
  const customers = rowsOf((page) => store.listCustomers(id, page))
  yield* list('customers', customers, ({ id, name, status }) => ({ id, name, status }))
  const cards = rowsOf((page) => store.listCards(id, page))
  yield* list('cards', cards, ({ last_four, ...card }) => (last_four === null ? card : { ...card, last_four }))
  yield '}'

  async function* list<Row>(
    name: keyof FixtureAccount,
    rows: AsyncIterable<Row> | Iterable<Row>,
    toItem: (row: Row) => unknown,
  ): AsyncGenerator<string> {
    yield `,\n "${name}":[`
    let separator = '\n  '
    for await (const row of rows) {
      yield separator + JSON.stringify(toItem(row))
      separator = ',\n  '
    }
    yield ']'
  }
}

/** An account's keys that go on working, one of each name (the newest), in order of their names: ids differ elsewhere. */
export async function liveKeysOf(store: Pick<Store, 'listApiKeys'>, accountId: string): Promise<ApiKey[]> {
  const byName = new Map<string, ApiKey>()
  for await (const key of rowsOf((page) => store.listApiKeys(accountId, page))) {
    if (!key.disabled && key.expiresAt === null) byName.set(key.name, key)
  }
  return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** An account's client keys, in order of their public names. */
async function clientKeysOf(store: Pick<Store, 'listClientKeys'>, accountId: string): Promise<ClientKey[]> {
  const keys: ClientKey[] = []
  for await (const key of rowsOf((page) => store.listClientKeys(accountId, page))) keys.push(key)
  return keys.toSorted((a, b) => (a.config.client_key < b.config.client_key ? -1 : 1))
}

async function* rowsOf<Row extends { readonly id: string }>(read: (page: Page) => Promise<Row[]>): AsyncGenerator<Row> {
  let after: string | undefined = ''
  while (after !== undefined) {
    const rows: Row[] = await read({ after, limit: pageRows })
    yield* rows
    after = rows.length < pageRows ? undefined : rows.at(-1)?.id
  }
}

export const settingsOf = ({ id, name, tenant, environment, parentId, ...limits }: Account) => ({
  id,
  name,
  tenant,
  environment,
  parent_id: parentId,
  rate_limit: {
    requests_per_second: limits.requestsPerSecond,
    // 0 is what a fixture that does not say means
    ...(limits.requestsPerSecondPerKey === 0 ? {} : { requests_per_second_per_key: limits.requestsPerSecondPerKey }),
  },
})

export const apiKeyOf = ({ name, scopes }: ApiKey) => ({ name, scopes })

export const clientKeyOf = ({ name, disabled, allowlist, config, ...limits }: ClientKey) => ({
  name,
  disabled,
  origin_allowlist: allowlist.map(formatAllowlistRule),
  rate_limit: rateLimitOf(limits),
  ...config,
})
