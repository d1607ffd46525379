import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { openTwice } from '../testing/two-processes.js'
import { cacheStore } from './cached-store.js'
import { createStore } from './store.js'

const account = 'account-1'
const verified = { id: 'customer-1', name: 'Ada', status: 'verified' } as const
const blocked = { ...verified, status: 'inactive' } as const

/** A server with a verified customer in its cache, and another process. Time stands still. */
async function open() {
  const { ours, theirs } = await openTwice()
  const bare = createStore(ours.db)
  await bare.upsertAccount({ id: account, name: 'Acme', tenant: '2_3', environment: 'sandbox' })
  await bare.upsertCustomer(account, verified)
  const cached = cacheStore(bare, { elapsed: () => 0, readVersion: ours.readVersion })
  const { store } = cached
  const find = () => store.findCustomer(account, verified.id)
  expect(await find()).toEqual(verified)
  const hits = () => cached.counts().customers?.hits
  return { store, find, hits, other: createStore(theirs.db), bare }
}

describe('a cached customer', () => {
  test('is read once', async () => {
    const { find, hits } = await open()
    expect([await find(), await find()]).toEqual([verified, verified])
    expect(hits()).toBe(2)
  })

  test('is read again once another process has changed it', async () => {
    const { find, other } = await open()
    await nextTurn()
    await other.upsertCustomer(account, blocked)
    await nextTurn()
    expect(await find()).toEqual(blocked)
  })

  test('does not come from memory from the moment at which a change of this process begins', async () => {
    const { store, find, hits } = await open()
    const changing = store.mergeCustomer(account, { id: verified.id, status: blocked.status })
    await find()
    expect(await changing).toEqual(blocked)
    expect(await find()).toEqual(blocked)
    expect(hits()).toBe(0)
  })

  test('is read again from its first change in a transaction, which a read waits for', async () => {
    const { store, find } = await open()
    let during: ReturnType<typeof find> | undefined
    await store.transaction(async (tx) => {
      expect(await tx.findCustomer(account, verified.id)).toEqual(verified)
      await tx.upsertCustomer(account, blocked)
      during = find()
      await nextTurn()
    })
    expect([await during, await find()]).toEqual([blocked, blocked])
  })

  test('stays as it was if the transaction fails', async () => {
    const { store, find, hits } = await open()
    const failed = store.transaction(async (tx) => {
      await tx.upsertCustomer(account, blocked)
      throw new Error('after all')
    })
    await expect(failed).rejects.toThrow('after all')
    const before = hits()
    expect([await find(), await find()]).toEqual([verified, verified])
    expect(hits()).toBe((before ?? 0) + 1)
  })

  test('of another account is another one, and a missing one is read again once it is added', async () => {
    const { store } = await open()
    expect(await store.findCustomer('account-2', verified.id)).toBeUndefined()
    expect(await store.findCustomer(account, 'customer-2')).toBeUndefined()
    await store.upsertCustomer(account, { ...verified, id: 'customer-2' })
    expect(await store.findCustomer(account, 'customer-2')).toMatchObject({ id: 'customer-2' })
  })

  test('a customer is not cached on a database without a version', async () => {
    const { bare } = await open()
    const { store, counts } = cacheStore(bare)
    expect(await store.findCustomer(account, verified.id)).toEqual(verified)
    await bare.upsertCustomer(account, blocked)
    expect(await store.findCustomer(account, verified.id)).toEqual(blocked)
    expect(counts()).not.toHaveProperty('customers')
  })
})
