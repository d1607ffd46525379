import { randomUUID } from 'node:crypto'
import { unnamedApiKey } from '@hallpass/contracts'
import { afterAll, describe, expect, test } from 'vitest'
import { databases, openDatabase } from '../../testing/databases.js'
import { untold } from '../../testing/untold.js'
import { scopesOf } from '../scope.js'
import type { Cutoff } from './cutoffs.js'

describe.each(databases)('cutoffs in %s', async (kind) => {
  const { db, store, close } = await openDatabase(kind)
  afterAll(close)

  const addAccount = async (parent_id?: string) => {
    const id = randomUUID()
    await store.upsertAccount({ id, name: '', tenant: id, environment: 'sandbox', ...(parent_id ? { parent_id } : {}) })
    return id
  }

  describe('a card token', () => {
    /** A card token issued at 100 by key-1, and its owners. */
    const issue = async () => {
      const account = await addAccount()
      const [customer, card, token_hash] = [randomUUID(), randomUUID(), randomUUID()]
      await store.upsertCustomer(account, { id: customer, name: '', status: 'verified' })
      await store.upsertCard(account, { id: card, customer_id: customer, status: 'ACTIVE' })
      const token = { jti: randomUUID(), card_id: card, api_key_id: 'key-1', widget_type: 'REVEAL' } as const
      await store.insertCardToken(account, { ...token, token_hash, issued_at: 100, expires_at: 400 })
      const redeem = async () => (await store.redeemCardToken(account, token_hash, 'REVEAL', 200)) !== undefined
      return { account, customer, card, token_hash, redeem }
    }
    type Issued = Awaited<ReturnType<typeof issue>>

    test.each<[what: string, addCutoff: (issued: Issued) => Cutoff, isSpent: boolean]>([
      ['its account', ({ account }) => ({ scope: 'account', subject: account }), false],
      ['its card', ({ card }) => ({ scope: 'card', subject: card }), false],
      ['another card', () => ({ scope: 'card', subject: randomUUID() }), true],
      ["its card's customer", ({ customer }) => ({ scope: 'customer', subject: customer }), false],
      ['another customer', () => ({ scope: 'customer', subject: randomUUID() }), true],
      ['its secret key', () => ({ scope: 'api_key', subject: 'key-1' }), false],
      ['another secret key', () => ({ scope: 'api_key', subject: 'key-2' }), true],
      ['tokens without a key id', () => ({ scope: 'api_key', subject: unnamedApiKey }), true],
      ['a user with the id of its card', ({ card }) => ({ scope: 'user', subject: card }), true],
    ])('after a cutoff of %s', async (_, cutoffOf, isSpent) => {
      for (const [notBefore, isEarlier] of [
        [99, true],
        [100, false],
      ] as const) {
        const issued = await issue()
        await store.addCutoff(issued.account, cutoffOf(issued), { notBefore, expiresAt: 1000 }, untold)
        expect(await issued.redeem()).toBe(isSpent || isEarlier)
      }
    })

    test('of an older server names no key, and ends with the cutoff for such tokens', async () => {
      for (const [subject, isSpent] of [
        ['key-1', true],
        [unnamedApiKey, false],
      ] as const) {
        const { account, token_hash, redeem } = await issue()
        await clearApiKey(token_hash)
        await store.addCutoff(account, { scope: 'api_key', subject }, { notBefore: 100, expiresAt: 1000 }, untold)
        expect(await redeem()).toBe(isSpent)
      }
    })

    test('returns its owners', async () => {
      const { account, customer, card, token_hash } = await issue()
      const found = await store.findCardToken(account, token_hash)
      expect(found).toMatchObject({ card_id: card, customer_id: customer, api_key_id: 'key-1' })
    })
  })

  describe('of an account and its children', () => {
    const times = { notBefore: 100, expiresAt: 1000 }

    test('affects the account and each child, and no other account', async () => {
      const parent = await addAccount()
      const [first, second, rival] = [await addAccount(parent), await addAccount(parent), await addAccount()]
      const grandchild = await addAccount(first)
      const reached = await store.addFamilyCutoff(parent, { scope: 'account' }, times, untold)
      expect(reached.toSorted()).toEqual([parent, first, second].toSorted())
      const found = (id: string) => store.findCutoff(id, [{ scope: 'account', subject: id }])
      for (const id of [parent, first, second]) expect(await found(id)).toBe(100)
      for (const id of [rival, grandchild]) expect(await found(id)).toBeUndefined()
    })

    test('of one secret key is found in each of them', async () => {
      const parent = await addAccount()
      const child = await addAccount(parent)
      await store.addFamilyCutoff(parent, { scope: 'api_key', subject: 'key-1' }, times, untold)
      for (const id of [parent, child]) {
        expect(await store.findCutoff(id, [{ scope: 'api_key', subject: 'key-1' }])).toBe(100)
        expect(await store.findCutoff(id, [{ scope: 'api_key', subject: 'key-2' }])).toBeUndefined()
        expect(await store.findCutoff(id, [{ scope: 'account', subject: id }])).toBeUndefined()
      }
    })

    test('only moves forward, and returns the affected accounts either way', async () => {
      const parent = await addAccount()
      for (const [notBefore, expected] of [
        [20, 20],
        [10, 20],
        [20, 20],
        [30, 30],
      ] as const) {
        const reached = await store.addFamilyCutoff(
          parent,
          { scope: 'account' },
          { notBefore, expiresAt: notBefore + 5 },
          untold,
        )
        expect(reached).toEqual([parent])
        expect(await store.findCutoff(parent, [{ scope: 'account', subject: parent }])).toBe(expected)
      }
    })
  })

  /** Adds a card token as a server without key ids wrote it. */
  async function clearApiKey(token_hash: string): Promise<void> {
    await scopesOf(db)
      .unscoped.updateTable('card_tokens')
      .set({ api_key_id: null })
      .where('token_hash', '=', token_hash)
      .execute()
  }
})
