import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { addCard } from '../testing/add-card.js'
import { databases, openDatabase } from '../testing/databases.js'
import { untold } from '../testing/untold.js'

describe.each(databases)('tokens in %s', async (kind) => {
  const { store, close } = await openDatabase(kind)
  afterAll(close)

  describe('a JWT', () => {
    const named = () => ({ accountId: 'account-1', kind: 'visitor' as const, jti: randomUUID() })
    const times = { now: 10, expiresAt: 300 }

    test.each(['spent', 'revoked'] as const)('can be %s once, and nothing else afterwards', async (state) => {
      const token = named()
      expect(await store.isTokenFinal(token)).toBe(false)
      expect(await store.consumeOrRevokeToken(token, state, times)).toBe(true)
      expect(await store.isTokenFinal(token)).toBe(true)
      expect(await store.consumeOrRevokeToken(token, 'spent', times)).toBe(false)
      expect(await store.consumeOrRevokeToken(token, 'revoked', times)).toBe(false)
    })

    test('one of thirty simultaneous decisions succeeds', async () => {
      const token = named()
      const held = await Promise.all(
        Array.from({ length: 30 }, () => store.consumeOrRevokeToken(token, 'spent', times)),
      )
      expect(held.filter(Boolean)).toHaveLength(1)
    })

    test('with the same jti but another account or kind is a different token', async () => {
      const token = named()
      await store.consumeOrRevokeToken(token, 'spent', times)
      expect(await store.isTokenFinal({ ...token, accountId: 'account-2' })).toBe(false)
      expect(await store.isTokenFinal({ ...token, kind: 'embed-ticket' })).toBe(false)
      expect(await store.consumeOrRevokeToken({ ...token, accountId: 'account-2' }, 'spent', times)).toBe(true)
    })
  })

  describe('a card widget token', () => {
    const insert = async (accountId = 'account-1') => {
      const row = {
        jti: randomUUID(),
        card_id: await addCard(store, accountId),
        widget_type: 'REVEAL' as const,
        api_key_id: 'key-1',
        issued_at: 100,
        expires_at: 400,
      }
      const token_hash = randomUUID()
      await store.insertCardToken(accountId, { token_hash, ...row })
      return { token_hash, row }
    }

    test("isn't spent while its card has a status that the widget doesn't allow", async () => {
      const accountId = randomUUID()
      const { token_hash } = await insert(accountId)
      for (const status of ['UNACTIVATED', 'SUSPENDED', 'TERMINATED'] as const) {
        await addCard(store, accountId, status)
        expect(await store.redeemCardToken(accountId, token_hash, 'REVEAL', 200)).toBeUndefined()
      }
      await addCard(store, accountId, 'ACTIVE')
      expect(await store.redeemCardToken(accountId, token_hash, 'REVEAL', 200)).toBeDefined()
    })

    test("isn't added if its card belongs to another account", async () => {
      const [accountId, token_hash] = [randomUUID(), randomUUID()]
      const { row } = await insert(randomUUID())
      await addCard(store, accountId)
      expect(await store.insertCardToken(accountId, { ...row, token_hash })).toBe(false)
      expect(await store.redeemCardToken(accountId, token_hash, 'REVEAL', 200)).toBeUndefined()
    })

    test('is stored as issued', async () => {
      const { token_hash, row } = await insert()
      expect(await store.findCardToken('account-1', token_hash)).toEqual({
        ...row,
        customer_id: 'customer of account-1',
        redeemed_at: null,
        revoked_at: null,
      })
    })

    test('is spent once', async () => {
      const { token_hash, row } = await insert()
      const spent = { jti: row.jti, card_id: row.card_id, redeemed_at: 200 }
      expect(await store.redeemCardToken('account-1', token_hash, 'REVEAL', 200)).toEqual(spent)
      expect(await store.redeemCardToken('account-1', token_hash, 'REVEAL', 201)).toBeUndefined()
      expect(await store.findCardToken('account-1', token_hash)).toMatchObject({ redeemed_at: 200, revoked_at: null })
    })

    test('is spent by one of thirty simultaneous calls', async () => {
      const { token_hash } = await insert()
      const calls = Array.from({ length: 30 }, () => store.redeemCardToken('account-1', token_hash, 'REVEAL', 200))
      expect((await Promise.all(calls)).filter((row) => row !== undefined)).toHaveLength(1)
    })

    test("isn't spent by another widget type, another account or an unknown hash", async () => {
      const { token_hash } = await insert()
      expect(await store.redeemCardToken('account-1', token_hash, 'SET_PIN', 200)).toBeUndefined()
      expect(await store.redeemCardToken('account-2', token_hash, 'REVEAL', 200)).toBeUndefined()
      expect(await store.redeemCardToken('account-1', 'unknown', 'REVEAL', 200)).toBeUndefined()
      expect(await store.findCardToken('account-2', token_hash)).toBeUndefined()
      expect(await store.revokeCardToken('account-2', token_hash, 200)).toBe(false)
      expect(await store.redeemCardToken('account-1', token_hash, 'REVEAL', 200)).toBeDefined()
    })

    test('is valid up to its last millisecond', async () => {
      const [early, late] = [await insert(), await insert()]
      expect(await store.redeemCardToken('account-1', early.token_hash, 'REVEAL', 399)).toBeDefined()
      expect(await store.redeemCardToken('account-1', late.token_hash, 'REVEAL', 400)).toBeUndefined()
    })

    test("can't be spent once revoked, or revoked once spent", async () => {
      const [first, second] = [await insert(), await insert()]
      expect(await store.revokeCardToken('account-1', first.token_hash, 150)).toBe(true)
      expect(await store.revokeCardToken('account-1', first.token_hash, 151)).toBe(false)
      expect(await store.redeemCardToken('account-1', first.token_hash, 'REVEAL', 200)).toBeUndefined()
      await store.redeemCardToken('account-1', second.token_hash, 'REVEAL', 200)
      expect(await store.revokeCardToken('account-1', second.token_hash, 201)).toBe(false)
    })

    test.each([
      [99, true],
      [100, false],
      [101, false],
    ])('issued at 100, with a cutoff of its account at %d, can be spent: %s', async (notBefore, expected) => {
      const accountId = randomUUID()
      const { token_hash } = await insert(accountId)
      await store.addCutoff(accountId, { scope: 'account', subject: accountId }, { notBefore, expiresAt: 1000 }, untold)
      expect((await store.redeemCardToken(accountId, token_hash, 'REVEAL', 200)) !== undefined).toBe(expected)
    })

    test("isn't affected by another account's cutoff", async () => {
      const { token_hash } = await insert()
      await store.addCutoff(
        'account-9',
        { scope: 'account', subject: 'account-9' },
        { notBefore: 500, expiresAt: 1000 },
        untold,
      )
      await store.addCutoff(
        'account-1',
        { scope: 'client_key', subject: 'key' },
        { notBefore: 500, expiresAt: 1000 },
        untold,
      )
      expect(await store.redeemCardToken('account-1', token_hash, 'REVEAL', 200)).toBeDefined()
    })
  })
})
