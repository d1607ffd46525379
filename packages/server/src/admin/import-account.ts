import type { FixtureAccount } from '@hallpass/contracts'
import { StartError } from '../errors.js'
import { newId } from '../ids.js'
import { keyedHash } from '../keys/keyed-hash.js'
import { hintOf } from '../keys/secret-key.js'
import type { ApiKey } from '../store/api-keys.js'
import type { Card, Customer } from '../store/customers.js'
import { makeApiKey } from './api-keys.js'
import { endByStatus, endsTokens } from './end-by-status.js'
import { liveKeysOf } from './export-fixture.js'
import * as fieldsOf from './fixture-fields.js'
import { type Import, importRecords } from './import-records.js'

/** A secret key that an import made, because the fixture does not know its secret. */
export interface MadeKey {
  readonly account_id: string
  readonly api_key_id: string
  readonly name: string
  /** Shown once; kept nowhere. */
  readonly secret: string
}

type ApiKeyEntry = FixtureAccount['api_keys'][number]
type KnownKey = ApiKeyEntry & { readonly secret: string }

const isKnown = (key: ApiKeyEntry): key is KnownKey => key.secret !== undefined
const nameOfKey = ({ name }: ApiKeyEntry) => `secret key ${JSON.stringify(name)}`

/** The account itself. Its parent has to be there. */
export function importAccount(run: Import, account: FixtureAccount): Promise<void> {
  const { store } = run
  return importRecords(run, {
    kind: 'account',
    accountId: account.id,
    entries: [account],
    nameOf: () => 'the account itself',
    wantedOf: fieldsOf.wantedAccount,
    find: async () => [found(await store.findAccount(account.id), fieldsOf.account)],
    async write(entry) {
      if (await store.upsertAccount(entry)) return entry.id
      throw new StartError(
        `the fixture cannot be imported: another account in the tree of account ${entry.id} has its tenant label`,
      )
    },
  })
}

/** Everything of an account whose secrets the fixture knows. */
export async function importOwned(run: Import, account: FixtureAccount): Promise<void> {
  const { store, clock } = run
  const accountId = account.id
  await importKnownKeys(run, account)
  await importRecords(run, {
    kind: 'client_key',
    accountId,
    entries: account.client_keys,
    nameOf: ({ client_key }) => `client key ${client_key}`,
    wantedOf: fieldsOf.wantedClientKey,
    find: (keys) =>
      Promise.all(
        keys.map(async ({ client_key }) => {
          const key = await store.findClientKeyWhateverItsState(client_key)
          return key?.accountId === accountId ? found({ ...key, id: client_key }, fieldsOf.clientKey) : undefined
        }),
      ),
    async write(key) {
      const isOwn = await store.upsertClientKey(accountId, { ...key, id: newId(clock) }, clock.now())
      return isOwn ? key.client_key : undefined
    },
  })
  await importRecords(run, {
    kind: 'customer',
    accountId,
    entries: account.customers,
    nameOf: ({ id }) => `customer ${id}`,
    wantedOf: fieldsOf.customer,
    find: (entries) => findById<Customer>(entries, (ids) => store.findCustomers(accountId, ids), fieldsOf.customer),
    endsTokens: (customer) => endsTokens({ scope: 'customer', ...customer }),
    async write(customer, present) {
      if (!(await store.upsertCustomer(accountId, customer))) return undefined
      if (present) await endByStatus(await endingAt(run, accountId), { scope: 'customer', ...customer })
      return customer.id
    },
  })
  await importRecords(run, {
    kind: 'card',
    accountId,
    entries: account.cards,
    nameOf: ({ id }) => `card ${id}`,
    wantedOf: fieldsOf.card,
    find: (entries) => findById<Card>(entries, (ids) => store.findCards(accountId, ids), fieldsOf.card),
    endsTokens: (card) => endsTokens({ scope: 'card', ...card }),
    async write(card, present) {
      if (!(await store.upsertCard(accountId, card))) return undefined
      if (present) await endByStatus(await endingAt(run, accountId), { scope: 'card', ...card })
      return card.id
    },
  })
}

/** A server's clock may be ahead of the one that an import on the host has. */
async function endingAt({ clock, store }: Import, accountId: string) {
  return { accountId, store, now: Math.max(clock.now(), (await store.findLatestTime()) ?? 0) }
}

function importKnownKeys(run: Import, account: FixtureAccount): Promise<void> {
  const { store, clock, keys } = run
  const hashOf = ({ secret }: KnownKey) => keyedHash(keys.apiKeyHash, secret)
  return importRecords(run, {
    kind: 'api_key',
    accountId: account.id,
    entries: account.api_keys.filter(isKnown),
    nameOf: nameOfKey,
    wantedOf: fieldsOf.wantedApiKey,
    find: (entries) =>
      Promise.all(
        entries.map(async (entry) => {
          const key = await store.findApiKeyWhateverItsState(hashOf(entry))
          return key?.accountId === account.id ? found(key, fieldsOf.apiKey) : undefined
        }),
      ),
    async write(entry, present) {
      const { name, scopes, disabled, secret } = entry
      const id = present?.recordId ?? newId(clock)
      const fixed = { id, createdAt: clock.now(), expiresAt: null, secretHash: hashOf(entry), hint: hintOf(secret) }
      return (await store.upsertApiKey(account.id, { ...fixed, name, scopes, disabled })) ? id : undefined
    },
  })
}

/**
 * Secret keys whose secret the fixture does not know. Each is the live key of its name. A new one is made only where the
 * account never had a key of that name, or where everything is overwritten.
 */
export async function importUnknownKeys(run: Import, account: FixtureAccount): Promise<MadeKey[]> {
  const entries = account.api_keys.filter((key) => !isKnown(key))
  if (entries.length === 0) return []
  const { store } = run
  const made: MadeKey[] = []
  const live = new Map((await liveKeysOf(store, account.id)).map((key) => [key.name, key]))
  const endedNames = await store.listApiKeyNames(account.id)
  const canMake = ({ name, disabled }: ApiKeyEntry) => !disabled && (run.overwrite || !endedNames.has(name))
  await importRecords(run, {
    kind: 'api_key',
    accountId: account.id,
    // of those that have ended and stay so, only the name is known
    entries: entries.filter((entry) => live.has(entry.name) || canMake(entry)),
    nameOf: nameOfKey,
    wantedOf: fieldsOf.wantedUnknownKey,
    find: async (keys) => keys.map(({ name }) => found(nameAsId(live.get(name)), fieldsOf.unknownKey)),
    async write({ name, scopes, disabled }) {
      const present = live.get(name)
      if (present) {
        await store.changeApiKeyScopes(account.id, present.id, scopes)
        if (disabled) await store.disableApiKey(account.id, present.id)
      } else {
        const { id, secret } = await makeApiKey(run, account, { name, scopes, expiresAt: null })
        made.push({ account_id: account.id, api_key_id: id, name, secret })
      }
      return `name ${name}`
    },
  })
  for (const entry of entries.filter((entry) => !live.has(entry.name) && !canMake(entry))) {
    run.count()
    if (!entry.disabled) run.kept.push({ account_id: account.id, record: nameOfKey(entry), fields: ['disabled'] })
  }
  return made
}

/** The ids of keys differ from database to database, and from a key to its successor. */
const nameAsId = (key: ApiKey | undefined) => key && { ...key, id: `name ${key.name}` }

async function findById<Row extends { readonly id: string }>(
  entries: readonly { readonly id: string }[],
  find: (ids: readonly string[]) => Promise<readonly Row[]>,
  toFields: (row: Row) => fieldsOf.Fields,
) {
  const rows = new Map((await find(entries.map(({ id }) => id))).map((row) => [row.id, row]))
  return entries.map(({ id }) => found(rows.get(id), toFields))
}

function found<Row extends { readonly id: string }>(row: Row | undefined, toFields: (row: Row) => fieldsOf.Fields) {
  return row && { recordId: row.id, fields: toFields(row) }
}
