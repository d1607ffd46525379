import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { databases, openDatabase } from '../../testing/databases.js'

const page = { after: '', limit: 100 }

describe.each(databases)('in %s', async (kind) => {
  const { store, close } = await openDatabase(kind)
  const parent = '00000000-0000-4000-8000-000000000001'
  const child = '00000000-0000-4000-8000-000000000002'
  const rival = '00000000-0000-4000-8000-000000000003'
  beforeAll(async () => {
    const account = { name: 'Acme', tenant: '2_3', environment: 'sandbox' } as const
    await store.upsertAccount({ id: parent, ...account })
    await store.upsertAccount({
      id: child,
      ...account,
      tenant: '2_4',
      parent_id: parent,
      rate_limit: { requests_per_second: 0 },
    })
    await store.upsertAccount({ id: rival, ...account })
  })
  afterAll(close)

  describe('an account', () => {
    test('acts for itself and for its children only', async () => {
      const acting = async (own: string, other: string) => (await store.findActingAccount(own, other))?.id
      expect(await acting(parent, parent)).toBe(parent)
      expect(await acting(parent, child)).toBe(child)
      expect(await acting(child, parent)).toBeUndefined()
      expect(await acting(rival, child)).toBeUndefined()
      expect(await acting(parent, 'unknown')).toBeUndefined()
    })

    test('lists itself and its children, page by page', async () => {
      const ids = async (own: string, after = '', limit = 100) =>
        (await store.listAccounts(own, { after, limit })).map(({ id }) => id)
      expect(await ids(parent)).toEqual([parent, child])
      expect(await ids(parent, '', 1)).toEqual([parent])
      expect(await ids(parent, parent)).toEqual([child])
      expect(await ids(child)).toEqual([child])
      expect(await ids(rival)).toEqual([rival])
    })

    test('has its own limit or the default', async () => {
      expect(await store.findAccount(parent)).toMatchObject({ parentId: null, requestsPerSecond: 100 })
      expect(await store.findAccount(child)).toMatchObject({ parentId: parent, requestsPerSecond: 0 })
      expect(await store.findAccount('unknown')).toBeUndefined()
    })

    test('in production makes the database a production database', async () => {
      expect(await store.hasProductionAccount()).toBe(false)
      const rollback = new Error('rolled back')
      const trial = store.transaction(async (tx) => {
        await tx.upsertAccount({ id: randomUUID(), name: '', tenant: '2_4', environment: 'production' })
        expect(await tx.hasProductionAccount()).toBe(true)
        throw rollback
      })
      await expect(trial).rejects.toBe(rollback)
      expect(await store.hasProductionAccount()).toBe(false)
    })
  })

  describe('a customer', () => {
    const customer = () => ({ id: randomUUID(), name: 'Ada', status: 'verified' as const })

    test('is added, then changed', async () => {
      const ada = customer()
      expect(await store.upsertCustomer(parent, ada)).toBe(true)
      expect(await store.upsertCustomer(parent, { ...ada, status: 'rejected' })).toBe(true)
      expect(await store.findCustomer(parent, ada.id)).toEqual({ ...ada, status: 'rejected' })
    })

    test('of another account, child or parent, is neither visible nor changed', async () => {
      const ada = customer()
      await store.upsertCustomer(parent, ada)
      for (const other of [child, rival]) {
        expect(await store.findCustomer(other, ada.id)).toBeUndefined()
        expect(await store.upsertCustomer(other, { ...ada, name: 'Eve' })).toBe(false)
        expect((await store.listCustomers(other, page)).map(({ id }) => id)).not.toContain(ada.id)
      }
      expect(await store.findCustomer(parent, ada.id)).toEqual(ada)
    })

    test('that two accounts add at the same time belongs to one of them', async () => {
      const ada = customer()
      const added = await Promise.all([parent, rival].map((account) => store.upsertCustomer(account, ada)))
      expect(added.filter(Boolean)).toHaveLength(1)
    })
  })

  describe('a card', () => {
    const setUp = async () => {
      const customer_id = randomUUID()
      await store.upsertCustomer(parent, { id: customer_id, name: 'Ada', status: 'verified' })
      return { id: randomUUID(), customer_id, status: 'ACTIVE' as const }
    }

    test('is added, then changed', async () => {
      const card = await setUp()
      expect(await store.upsertCard(parent, card)).toBe(true)
      expect(await store.findCard(parent, card.id)).toEqual({ ...card, last_four: null })
      expect(await store.upsertCard(parent, { ...card, status: 'TERMINATED', last_four: '4242' })).toBe(true)
      expect(await store.findCard(parent, card.id)).toEqual({ ...card, status: 'TERMINATED', last_four: '4242' })
    })

    test('needs a customer of its own account', async () => {
      const card = await setUp()
      expect(await store.upsertCard(rival, card)).toBe(false)
      expect(await store.upsertCard(parent, { ...card, customer_id: randomUUID() })).toBe(false)
      expect(await store.findCard(parent, card.id)).toBeUndefined()
    })

    test('of another account is neither visible nor changed', async () => {
      const card = await setUp()
      await store.upsertCard(parent, card)
      const theirs = randomUUID()
      await store.upsertCustomer(rival, { id: theirs, name: 'Eve', status: 'verified' })
      expect(await store.upsertCard(rival, { ...card, customer_id: theirs })).toBe(false)
      expect(await store.findCard(rival, card.id)).toBeUndefined()
      expect((await store.listCards(rival, page)).map(({ id }) => id)).not.toContain(card.id)
      expect(await store.findCard(parent, card.id)).toMatchObject(card)
    })

    test('that two accounts add at the same time belongs to one of them', async () => {
      const card = await setUp()
      const theirs = randomUUID()
      await store.upsertCustomer(rival, { id: theirs, name: 'Eve', status: 'verified' })
      const added = [store.upsertCard(parent, card), store.upsertCard(rival, { ...card, customer_id: theirs })]
      expect((await Promise.all(added)).filter(Boolean)).toHaveLength(1)
    })
  })
})
