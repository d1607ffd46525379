import { type CacheCounts, createCache } from './cache.js'
import { type CachedCustomers, cacheCustomers } from './cache-customers.js'
import { cacheSubscriptions } from './cache-subscriptions.js'
import { followChanges } from './changes.js'
import { isStoreFailure } from './failure.js'
import { replaceMembers } from './lazy-object.js'
import type { WriteMethod } from './method-names.js'
import type { Account, accountQueries } from './queries/accounts.js'
import type { ApiKey, apiKeyQueries } from './queries/api-keys.js'
import type { ClientKey, clientKeyQueries } from './queries/client-keys.js'
import type { customerQueries } from './queries/customers.js'
import type { Kind, kindQueries } from './queries/kinds.js'
import type { webhookEndpointQueries } from './queries/webhook-endpoints.js'
import type { Store } from './store.js'

/** A store that caches what nearly every call needs, and a function that notifies it of changes. */
export interface CachedStore {
  readonly store: Store
  /** Another store of the same database, with the same cached rows. */
  readonly viewOf: (store: Store) => Store
  /** The rows of an account have changed. Without an account, any row may have. */
  readonly expire: (accountId?: string) => void
  /** By the name of the cache. */
  readonly counts: () => Readonly<Record<string, CacheCounts>>
}

interface Options {
  /** Milliseconds since some moment. Never goes back. */
  readonly elapsed?: () => number
  /** See `OpenDatabase`. */
  readonly readVersion?: (() => number) | undefined
}

/** How far behind a replica is at most, if it gets no notification. */
const maxAgeMilliseconds = 1_000
const maxEntries = 10_000
/** A declaration has up to 10 KB. */
const maxKindEntries = 2_000

/**
 * Caches keys, accounts and customers for a second at most, and never anything about a token. The store's own changes,
 * those that it is notified of, and those that the version shows are visible at once. A change by one account expires
 * none of another's rows, unless another process made it on SQLite. On SQLite, reading the key, its account and the
 * client key took 100 µs of each call; reading the version takes 2.
 */
export function cacheStore(
  store: Store,
  { elapsed = () => performance.now(), readVersion }: Options = {},
): CachedStore {
  const changes = followChanges({ maxAccounts: maxEntries })
  const options = { elapsed, changes, maxAgeMilliseconds, maxEntries }
  const ofOwner = { ...options, accountOf: ({ accountId }: { readonly accountId: string }) => accountId }
  const ofAccount = { ...options, accountOf: ({ id }: Account) => id }
  const apiKeys = createCache<FoundKey>({ ...options, accountOf: ({ account }) => account.id })
  const accounts = createCache<Account>(ofAccount)
  const clientKeys = createCache<ClientKey>(ofOwner)
  // separate from those by name, because callers can make up names
  const clientKeysById = createCache<ClientKey>(ofOwner)
  const kinds = createCache<Kind>({ ...ofOwner, maxEntries: maxKindEntries })
  const subscriptions = cacheSubscriptions(options)
  const customers = cacheCustomers(options)
  const counted = {
    api_keys: apiKeys,
    accounts,
    client_keys: clientKeys,
    client_keys_by_id: clientKeysById,
    kinds,
    // nothing else shows at once what another process commits
    ...(readVersion ? { customers } : {}),
  }
  let version = readVersion?.()
  const expireIfChanged = () => {
    const read = readVersion?.()
    if (read === version) return
    changes.note()
    customers.expire()
    version = read
  }
  /** One cache within and outside of transactions, which read on their own. */
  const cacheOf = (own: Store): Partial<Store> => ({
    findSubscribedTypes(accountId) {
      expireIfChanged()
      return subscriptions(accountId, own.findSubscribedTypes)
    },
  })
  const noteUse = oncePerDay()
  const findCustomerOf =
    (own: Store): Store['findCustomer'] =>
    (accountId, id) => {
      expireIfChanged()
      return customers.find(accountId, id, own.findCustomer)
    }
  const viewOf = (own: Store): Store =>
    replaceMembers(tellingOfChanges(own, { onChange: changes.note, beginChange: customers.beginChange, cacheOf }), {
      async findApiKeyBySecret(secretHash, now) {
        expireIfChanged()
        const found = await apiKeys.get(secretHash, () => own.findApiKeyBySecret(secretHash, now))
        // it may have expired after it was loaded
        const expiresAt = found?.apiKey.expiresAt ?? null
        return expiresAt !== null && expiresAt <= now ? undefined : found
      },
      noteApiKeyUse: (...use) => noteUse(own, use),
      async findActingAccount(accountId, actingId) {
        expireIfChanged()
        return accounts.get(`${accountId} ${actingId}`, () => own.findActingAccount(accountId, actingId))
      },
      async findClientKey(clientKey, options = {}) {
        try {
          expireIfChanged()
          return await clientKeys.get(clientKey, () => own.findClientKey(clientKey))
        } catch (error) {
          const last = options.evenStale && isStoreFailure(error) ? clientKeys.peek(clientKey) : undefined
          if (last) return last
          throw error
        }
      },
      async findKind(accountId, name) {
        expireIfChanged()
        return kinds.get(`${accountId} ${name}`, () => own.findKind(accountId, name))
      },
      async findClientKeyById(accountId, id) {
        expireIfChanged()
        return clientKeysById.get(`${accountId} ${id}`, () => own.findClientKeyById(accountId, id))
      },
      ...(readVersion && { findCustomer: findCustomerOf(own) }),
    })
  const counts = () => Object.fromEntries(Object.entries(counted).map(([name, cache]) => [name, cache.counts()]))
  return { store: viewOf(store), viewOf, expire: changes.note, counts }
}

type FoundKey = { readonly apiKey: ApiKey; readonly account: Account }

/**
 * The writes to cached rows, except for one that {@link oncePerDay} handles. A new one does not compile until it is in
 * the list below.
 */
type ExpiringWrite = Exclude<
  WriteMethod<
    | typeof accountQueries
    | typeof apiKeyQueries
    | typeof clientKeyQueries
    | typeof kindQueries
    | typeof webhookEndpointQueries
  >,
  'noteApiKeyUse' | 'resealWebhookSecrets'
>

/** A new write to customers does not compile until it is in the list below. */
type CustomerWrite = Exclude<WriteMethod<typeof customerQueries>, 'mergeCard' | 'upsertCard'>

interface Told {
  /** Called with the account after every change to keys and accounts. In a transaction, after the commit. */
  readonly onChange: (accountId: string) => void
  /** A transaction that changes customers of an account is one change. */
  readonly beginChange: CachedCustomers['beginChange']
  readonly cacheOf: (own: Store) => Partial<Store>
}

/** The same store, which tells of its changes. */
function tellingOfChanges(store: Store, { onChange, beginChange, cacheOf }: Told): Store {
  const tellingOf =
    // looked up when it is called, because a transaction builds what it uses
      <Args extends unknown[], T>(accountOf: (...args: Args) => string, change: () => (...args: Args) => Promise<T>) =>
      async (...args: Args) => {
        const result = await change()(...args)
        onChange(accountOf(...args))
        return result
      }
  const telling = <Args extends [accountId: string, ...unknown[]], T>(change: () => (...args: Args) => Promise<T>) =>
    tellingOf((...[accountId]: Args) => accountId, change)
  const idOf = ({ id }: { readonly id: string }) => id
  const writes: Pick<Store, ExpiringWrite> = {
    insertAccount: tellingOf(idOf, () => store.insertAccount),
    upsertAccount: tellingOf(idOf, () => store.upsertAccount),
    releaseTenant: tellingOf(idOf, () => store.releaseTenant),
    // by the account itself or its parent
    patchAccount: tellingOf(
      (_, id) => id,
      () => store.patchAccount,
    ),
    disableAccount: telling(() => store.disableAccount),
    enableAccount: telling(() => store.enableAccount),
    upsertApiKey: telling(() => store.upsertApiKey),
    changeApiKeyScopes: telling(() => store.changeApiKeyScopes),
    expireApiKey: telling(() => store.expireApiKey),
    disableApiKey: telling(() => store.disableApiKey),
    succeedApiKey: telling(() => store.succeedApiKey),
    insertClientKey: telling(() => store.insertClientKey),
    upsertClientKey: telling(() => store.upsertClientKey),
    patchClientKey: telling(() => store.patchClientKey),
    putKind: telling(() => store.putKind),
    disableKind: telling(() => store.disableKind),
    insertWebhookEndpoint: telling(() => store.insertWebhookEndpoint),
    patchWebhookEndpoint: telling(() => store.patchWebhookEndpoint),
    deleteWebhookEndpoint: telling(() => store.deleteWebhookEndpoint),
  }
  const changing =
    <Args extends [accountId: string, ...unknown[]], T>(change: () => (...args: Args) => Promise<T>) =>
    async (...args: Args) => {
      const end = beginChange(args[0])
      try {
        return await change()(...args)
      } finally {
        end()
      }
    }
  const customerWrites: Pick<Store, CustomerWrite> = {
    mergeCustomer: changing(() => store.mergeCustomer),
    upsertCustomer: changing(() => store.upsertCustomer),
  }
  return replaceMembers(store, {
    ...writes,
    ...customerWrites,
    ...cacheOf(store),
    async transaction(run) {
      const changed = new Set<string>()
      const ends = new Map<string, () => void>()
      const within: Told = {
        onChange: (accountId) => changed.add(accountId),
        beginChange(accountId) {
          if (!ends.has(accountId)) ends.set(accountId, beginChange(accountId))
          return () => {}
        },
        cacheOf,
      }
      try {
        const result = await store.transaction((tx) => run(tellingOfChanges(tx, within)))
        for (const accountId of changed) onChange(accountId)
        return result
      } finally {
        for (const end of ends.values()) end()
      }
    },
  })
}

/** A cached key doesn't know that its use was just noted, so this remembers it. */
function oncePerDay(): (store: Store, use: Parameters<Store['noteApiKeyUse']>) => Promise<void> {
  const noted = new Map<string, string>()
  return async (store, [accountId, id, day]) => {
    if (noted.get(id) === day) return
    await store.noteApiKeyUse(accountId, id, day)
    if (noted.size >= maxEntries) noted.clear()
    noted.set(id, day)
  }
}
