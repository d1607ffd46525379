import { beforeEach, describe, expect, test } from 'vitest'
import { newId } from '../ids.js'
import type { RevocationRow, RevocationSource } from '../store/queries/revocations.js'
import { sizeOf } from './account-revocations.js'
import { beginReading, continueReading, type Reading } from './read-revocations.js'

const start = Date.parse('2026-11-21T08:00:00.000Z')
const minute = 60_000
const sessionLifetime = 17 * minute
const bridgeLifetime = 242 * minute
const declaredLifetime = 1442 * minute

let now: number
let rows: Partial<Record<RevocationSource, RevocationRow[]>>
/** The pages that were read: their source and start time. */
let pages: { readonly source: RevocationSource; readonly from: number; readonly accountId: string | undefined }[]

const store = {
  async listRevocations(
    source: RevocationSource,
    { accountId, after, limit }: { accountId?: string | undefined; after: { at: number }; limit: number },
  ) {
    pages.push({ source, from: after.at, accountId })
    return (rows[source] ?? []).filter(({ at }) => at > after.at).slice(0, limit)
  },
}
const read = async (reading: Reading) => {
  pages = []
  await continueReading({ store }, reading, now)
}
const pagesOf = (source: RevocationSource) => pages.filter((page) => page.source === source)
/** How far back a source was read. */
const backOf = (source: RevocationSource) => now - (pagesOf(source)[0]?.from ?? Number.NaN)

let made = 0
const idOf = (time: number) =>
  newId({
    now: () => time,
    random: (size) => {
      const bytes = Buffer.alloc(size)
      bytes.writeUInt32BE(made++, size - 4)
      return bytes
    },
  })
const sessions = (count: number, at: (index: number) => number, account_id = 'acme'): RevocationRow[] =>
  Array.from({ length: count }, (_, index) => ({ account_id, at: at(index), key: [idOf(start)] }))
const namesIn = ({ accounts }: Reading) =>
  Object.fromEntries([...accounts].map(([id, account]) => [id, sizeOf(account) / 16]))

beforeEach(() => {
  now = start
  rows = {}
  pages = []
})

describe('reading revocations', () => {
  test('starts as far back as the rows of a source still matter', async () => {
    await read(beginReading())
    expect(backOf('cut_offs')).toBe(declaredLifetime)
    expect(backOf('client_keys')).toBe(declaredLifetime)
    expect(backOf('sessions')).toBe(sessionLifetime)
    expect(backOf('tokens')).toBe(bridgeLifetime)
    expect(backOf('declared_tokens')).toBe(declaredLifetime)
  })

  test('continues 5 seconds before the last reading, and every 5 seconds goes 90 seconds back', async () => {
    const reading = beginReading('acme')
    await read(reading)
    now += 4_999
    await read(reading)
    expect(backOf('sessions')).toBe(4_999 + 5_000)
    expect(backOf('client_keys')).toBe(declaredLifetime)
    now += 1
    await read(reading)
    expect(backOf('sessions')).toBe(5_000 + 90_000)
    now += 1
    await read(reading)
    expect(backOf('tokens')).toBe(1 + 5_000)
    expect(pages.every(({ accountId }) => accountId === 'acme')).toBe(true)
    now += 60 * minute
    await read(reading)
    expect(backOf('sessions')).toBe(sessionLifetime)
  })

  test('of an account starts 90 seconds before its cutoff, which covers what is older', async () => {
    const cutoff = start - 3 * minute
    rows = { cut_offs: [{ account_id: 'acme', at: cutoff, key: ['account', 'acme'] }] }
    await read(beginReading('acme'))
    for (const source of ['client_keys', 'sessions', 'tokens', 'declared_tokens'] as const)
      expect(backOf(source)).toBe(3 * minute + 90_000)
    await read(beginReading())
    expect(backOf('sessions')).toBe(sessionLifetime)
  })

  test('starts over if the clock goes back, and drops earlier results', async () => {
    const reading = beginReading()
    rows = { sessions: sessions(1, () => start) }
    await read(reading)
    await read(reading)
    expect(backOf('sessions')).toBe(5_000)
    rows = {}
    now -= 1
    await read(reading)
    expect(backOf('sessions')).toBe(sessionLifetime)
    expect(namesIn(reading)).toEqual({})
  })

  test('reads pages of 500 rows, and another one only after a full page', async () => {
    const reading = beginReading()
    rows = { sessions: sessions(1_200, (index) => start - 1_200 + index) }
    await read(reading)
    expect(namesIn(reading)).toEqual({ acme: 1_200 })
    expect(pagesOf('sessions')).toHaveLength(3)
    expect(pagesOf('tokens')).toHaveLength(1)
  })

  test('leaves concurrent revocations to the next reading, except client keys', async () => {
    const keys = (row: RevocationRow, index: number) => ({ ...row, key: [`key ${index}`] })
    const [present, future] = [
      sessions(500, (index) => start - 499 + index),
      sessions(500, (index) => start + 1 + index),
    ]
    rows = {
      sessions: [...present, ...future],
      client_keys: [...future, ...future.map((row) => ({ ...row, at: row.at + 500 }))].map(keys),
    }
    await read(beginReading())
    // the first page ends with the current time, the second is beyond it
    expect(pagesOf('sessions')).toHaveLength(2)
    expect(pagesOf('client_keys')).toHaveLength(3)
  })

  test('notices that a client key was enabled again', async () => {
    const reading = beginReading()
    rows = { client_keys: [{ account_id: 'acme', at: start, key: ['key 1'] }] }
    await read(reading)
    await read(reading)
    expect(namesIn(reading)).toEqual({ acme: 1 })
    rows = {}
    await read(reading)
    expect(namesIn(reading)).toEqual({})
  })

  test('drops what has expired, and drops accounts without names only in the feed of all accounts', async () => {
    const [all, one] = [beginReading(), beginReading('acme')]
    rows = { sessions: [...sessions(1, () => start), ...sessions(1, () => start + minute, 'rival')] }
    for (const reading of [all, one]) await read(reading)
    expect(namesIn(all)).toEqual({ acme: 1, rival: 1 })
    now += sessionLifetime
    for (const reading of [all, one]) await read(reading)
    expect(namesIn(all)).toEqual({ rival: 1 })
    expect(namesIn(one)).toEqual({ acme: 0, rival: 1 })
  })
})

describe('a reading with too many names', () => {
  /** Cutoffs of users, 34 bytes each. */
  const cutoffsOf = (account_id: string, count: number): RevocationRow[] =>
    Array.from({ length: count }, (_, index) => ({ account_id, at: start - 9 + index, key: ['user', `${index}`] }))
  const cutoffCounts = ({ accounts }: Reading) =>
    Object.fromEntries([...accounts].map(([id, { cutoffs }]) => [id, [cutoffs.user.size, cutoffs.account.size]]))

  test('of one account becomes one cutoff once it is full', async () => {
    const reading = beginReading('acme', 3 * 34)
    rows = { cut_offs: cutoffsOf('acme', 3) }
    await read(reading)
    expect(cutoffCounts(reading)).toEqual({ acme: [3, 0] })
    rows = { cut_offs: cutoffsOf('acme', 4) }
    await read(reading)
    expect(cutoffCounts(reading)).toEqual({ acme: [0, 1] })
  })

  test('of all accounts collapses the largest accounts until the rest fits', async () => {
    const reading = beginReading(undefined, 6 * 34)
    rows = { cut_offs: [...cutoffsOf('small', 2), ...cutoffsOf('large', 5), ...cutoffsOf('medium', 4)] }
    await read(reading)
    expect(cutoffCounts(reading)).toEqual({ small: [2, 0], large: [0, 1], medium: [0, 1] })
  })

  test('of all accounts is emptied by a tenth, so it is not full again after one more name', async () => {
    const reading = beginReading(undefined, 20 * 34)
    rows = { cut_offs: ['one', 'two', 'three', 'four', 'five', 'six', 'seven'].flatMap((id) => cutoffsOf(id, 3)) }
    await read(reading)
    expect(Object.values(cutoffCounts(reading)).filter(([users]) => users === 0)).toHaveLength(2)
    expect(reading.bytes).toBe(17 * 34)
  })

  test('keeps accounts whose names are no larger than a cutoff', async () => {
    const reading = beginReading(undefined, 34)
    rows = { cut_offs: ['one', 'two'].flatMap((id) => cutoffsOf(id, 1)) }
    await read(reading)
    expect(cutoffCounts(reading)).toEqual({ one: [1, 0], two: [1, 0] })
  })

  test('counts its size as names come and go', async () => {
    const reading = beginReading(undefined, 300 * 34)
    const sizes = () => [...reading.accounts.values()].reduce((bytes, account) => bytes + sizeOf(account), 0)
    rows = {
      cut_offs: [...cutoffsOf('large', 250), ...cutoffsOf('small', 100)],
      sessions: sessions(300, () => start, 'small'),
    }
    await read(reading)
    expect(reading.bytes).toBe(34 + 100 * 34 + 300 * 16)
    expect(reading.bytes).toBe(sizes())
    now += sessionLifetime + minute
    rows = { client_keys: [{ account_id: 'small', at: now, key: ['key 1'] }] }
    await read(reading)
    expect(reading.bytes).toBe(34 + 16)
    now -= 1
    rows = {}
    await read(reading)
    expect(reading.bytes).toBe(0)
  })

  test("fits 100,000 cutoffs, so one account can't fill the feed of all accounts", () => {
    expect(beginReading('acme').mostBytes).toBe(3_400_000)
    expect(beginReading().mostBytes).toBe(5_500_000)
  })
})
