import { randomUUID } from 'node:crypto'
import { KindDeclaration } from '@hallpass/contracts'
import { afterAll, describe, expect, test } from 'vitest'
import { clientKeySettings } from '../testing/client-key.js'
import { databases, openDatabase } from '../testing/databases.js'
import { openTwice } from '../testing/two-processes.js'
import { cacheStore } from './cached-store.js'
import { createStore } from './store.js'

describe.each(databases)('a cached store on %s', async (kind) => {
  const { store: origin, close } = await openDatabase(kind)
  afterAll(close)
  let now = 0
  /** Two servers on one database. Time stands still unless a test advances it. */
  const [own, other] = [cacheStore(origin, { elapsed: () => now }), cacheStore(origin, { elapsed: () => now })]
  const account = { id: 'account-1', name: 'Acme', tenant: '2_3', environment: 'sandbox', parent_id: null } as const
  await origin.upsertAccount(account)

  const addKey = async (changes: object = {}) => {
    const key = {
      id: randomUUID(),
      name: 'backend',
      scopes: ['bridge:write'] as const,
      disabled: false,
      createdAt: 10,
      expiresAt: null,
      hint: null,
      secretHash: randomUUID(),
      ...changes,
    }
    await origin.upsertApiKey(account.id, key)
    return key
  }
  const find = ({ store }: typeof own, { secretHash }: { secretHash: string }, at = 100) =>
    store.findApiKeyBySecret(secretHash, at)

  test('sees its own changes at once, and those of others when notified or a second later', async () => {
    const key = await addKey()
    expect(await find(own, key)).toBeDefined()
    expect(await find(other, key)).toBeDefined()
    await own.store.disableApiKey(account.id, key.id)
    expect(await find(own, key)).toBeUndefined()
    expect(await find(other, key)).toBeDefined()
    now += 1_000
    expect(await find(other, key)).toBeUndefined()

    const second = await addKey()
    expect(await find(other, second)).toBeDefined()
    await own.store.disableApiKey(account.id, second.id)
    other.expire()
    expect(await find(other, second)).toBeUndefined()
  })

  test('a change in a transaction is visible only after the commit', async () => {
    const key = await addKey()
    expect(await find(own, key)).toBeDefined()
    await own.store.transaction(async (tx) => {
      await tx.disableApiKey(account.id, key.id)
    })
    expect(await find(own, key)).toBeUndefined()

    const second = await addKey()
    const failed = own.store.transaction(async (tx) => {
      await tx.disableApiKey(account.id, second.id)
      throw new Error('after all')
    })
    await expect(failed).rejects.toThrow('after all')
    expect(await find(own, second)).toBeDefined()
  })

  test('changes by one account expire nothing of another', async () => {
    const key = await addKey()
    const busy = { ...account, id: 'account-2', tenant: '2_4', parent_id: account.id }
    const ttl_seconds = { default: 60, max: 60 }
    const busyKind = KindDeclaration.parse({ name: 'busy', form: 'opaque', actions: ['view'], ttl_seconds })
    const changed: [string, (change: typeof own.store) => Promise<unknown>][] = [
      ['an account', (store) => store.upsertAccount(busy)],
      ['a child', (store) => store.patchAccount(account.id, busy.id, { name: 'Busy' })],
      ['a kind', (store) => store.putKind(busy.id, busyKind)],
      [
        'a client key',
        (store) =>
          store.insertClientKey(busy.id, { ...clientKeySettings, id: randomUUID(), client_key: 'pk_test_busy' }),
      ],
      ['a transaction', (store) => store.transaction(async (tx) => tx.disableKind(busy.id, 'busy', 1))],
    ]
    for (const [what, change] of changed) {
      await find(own, key)
      const before = own.counts()
      await change(own.store)
      await find(own, key)
      expect(own.counts().api_keys?.misses, what).toBe(before.api_keys?.misses)
    }
    await own.store.patchAccount(account.id, account.id, { name: 'Acme' })
    const { misses = 0 } = own.counts().api_keys ?? {}
    await find(own, key)
    expect(own.counts().api_keys?.misses).toBe(misses + 1)
  })

  test('a key that expires in the cache disappears at that moment', async () => {
    const key = await addKey({ expiresAt: 200 })
    expect(await find(own, key, 199)).toBeDefined()
    expect(await find(own, key, 200)).toBeUndefined()
  })

  test("a name that looks like an account and id doesn't match a client key", async () => {
    const id = randomUUID()
    await origin.upsertClientKey(account.id, { ...clientKeySettings, id, client_key: 'pk_test_cached' }, 1)
    const name = `${account.id} ${id}`
    expect(await own.store.findClientKey(name)).toBeUndefined()
    expect(await own.store.findClientKeyById(account.id, id)).toMatchObject({ id })
    expect(await own.store.findClientKey(name)).toBeUndefined()
  })

  test('nothing about a token is cached', async () => {
    const token = { accountId: account.id, kind: 'visitor', jti: '019ab000-0000-7000-8000-000000000001' } as const
    expect(await own.store.isTokenFinal(token)).toBe(false)
    await origin.consumeOrRevokeToken(token, 'spent', { now: 1, expiresAt: 1_000 })
    expect(await own.store.isTokenFinal(token)).toBe(true)
    expect(await own.store.consumeOrRevokeToken(token, 'spent', { now: 1, expiresAt: 1_000 })).toBe(false)
  })
})

test('a cached store on a SQLite file sees what another process commits at once', async () => {
  const { ours, theirs } = await openTwice()
  const other = createStore(theirs.db)
  await other.upsertAccount({ id: 'account-1', name: 'Acme', tenant: '2_3', environment: 'sandbox' })
  const key = await other.insertClientKey('account-1', {
    ...clientKeySettings,
    id: 'key-1',
    client_key: 'pk_test_acme',
  })
  // time stands still, so nothing is read again because of its age
  const { store } = cacheStore(createStore(ours.db), { elapsed: () => 0, readVersion: ours.readVersion })
  expect(await store.findClientKey('pk_test_acme')).toEqual(key)
  await other.patchClientKey('account-1', key.id, { disabled: true }, 10)
  expect(await store.findClientKey('pk_test_acme')).toBeUndefined()
  expect(await store.findClientKeyById('account-1', key.id)).toMatchObject({ disabled: true })
})
