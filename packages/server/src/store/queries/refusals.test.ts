import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { databases, openDatabase } from '../../testing/databases.js'
import type { StoredRefusal } from './refusals.js'

describe.each(databases)('refusals in %s', async (kind) => {
  const { store, close } = await openDatabase(kind)
  afterAll(close)

  let count = 0
  function refusal(accountId: string | null, more: Partial<StoredRefusal> = {}): StoredRefusal {
    count += 1
    return {
      id: String(count).padStart(6, '0'),
      accountId,
      requestId: `request ${count}`,
      sentIdHash: null,
      traceId: null,
      at: count,
      operation: 'bridge.initialize',
      reason: 'not_found',
      rule: 'r',
      seen: null,
      fix: 'f',
      apiKeyId: null,
      clientKeyId: null,
      ...more,
    }
  }
  const refusals = (accountId: string | null, many: number) => Array.from({ length: many }, () => refusal(accountId))
  const page = { before: undefined, limit: 1_000 }
  const listOf = async (accountId: string) => (await store.listRefusals({ accountId }, 0, page)).map(({ id }) => id)

  test('an account keeps its newest, and those of others and of unknown callers stay', async () => {
    const [mine, yours] = [randomUUID(), randomUUID()]
    const kept = refusals(mine, 7).slice(-5)
    await store.insertRefusals([...kept, ...refusals(yours, 6), ...refusals(null, 6)])
    await store.trimRefusals(mine, 5)
    expect(await listOf(mine)).toEqual(kept.map(({ id }) => id).toReversed())
    await store.insertRefusals(refusals(mine, 3))
    await store.trimRefusals(mine, 5)
    await store.trimRefusals(null, 2)
    expect(await listOf(mine)).toHaveLength(5)
    expect(await listOf(yours)).toHaveLength(6)
    const all = await store.listRefusals('everyone', 0, page)
    expect(all.filter(({ accountId }) => accountId === null)).toHaveLength(2)
  })

  test('in total, only the newest are kept, and no old ones', async () => {
    const accountId = randomUUID()
    await store.insertRefusals(refusals(accountId, 10))
    await store.trimAllRefusals(0, 8)
    expect(await store.listRefusals('everyone', 0, page)).toHaveLength(8)
    await store.trimAllRefusals(count - 3, 8)
    expect(await listOf(accountId)).toHaveLength(3)
  })

  test('a request is found by either of its ids, by its account or on the host', async () => {
    const accountId = randomUUID()
    const one = refusal(accountId, { requestId: 'ours', sentIdHash: 'hash of theirs' })
    await store.insertRefusals([one])
    const options = { since: 0, limit: 20 }
    const find = (id: string, sentIdHash: string, whose: { accountId: string } | 'everyone' = { accountId }) =>
      store.findRefusals(whose, { id, sentIdHash }, options)
    expect(await find('ours', 'no')).toEqual([one])
    expect(await find('no', 'hash of theirs')).toEqual([one])
    expect(await find('ours', 'no', 'everyone')).toEqual([one])
    expect(await find('ours', 'hash of theirs', { accountId: randomUUID() })).toEqual([])
    expect(
      await store.findRefusals({ accountId }, { id: 'ours', sentIdHash: '' }, { ...options, since: one.at }),
    ).toEqual([])
  })
})
