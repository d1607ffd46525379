import { beforeEach, describe, expect, test } from 'vitest'
import type { RevocationRow, RevocationSource } from '../store/queries/revocations.js'
import { createRevocationFeed } from './publish-revocations.js'

/** The revocations in the database. */
type Recent = { readonly restoredAt?: number } & { readonly [S in RevocationSource]?: readonly RevocationRow[] }

const start = Date.parse('2026-11-21T08:00:00.000Z')
const nothing: Recent = {}

let now: number
let revocations: Recent | Error
let kids: string[]
let reads: number
/** The pages that were read, and whether each page is followed by another, as in a flood. */
let pages: number
let grow: boolean
/** The cutoffs that replaced names, as passed to the writer, and whether writing fails. */
let written: (readonly [accountId: string, notBefore: number])[]
let isReadOnly: boolean
/** Returns the payload that was signed, and how often a feed was signed so far. */
let read: (accountId?: string) => Promise<{ readonly signed: number } & Record<string, unknown>>

beforeEach(() => {
  now = start
  revocations = nothing
  kids = ['key-1']
  reads = 0
  pages = 0
  grow = false
  written = []
  isReadOnly = false
  let signed = 0
  const feed = createRevocationFeed({
    clock: { now: () => now, random: () => Buffer.alloc(0) },
    issuer: () => 'https://pass.example',
    keyRing: { reload: async () => {}, list: () => kids.map((kid) => ({ kid })) },
    sign: async (_, json) => Buffer.from(JSON.stringify({ ...JSON.parse([...json].join('')), signed: ++signed })),
    async writeCutoff(...cutoff) {
      written.push(cutoff)
      if (isReadOnly) throw new Error('the database is read-only')
    },
    store: {
      async findRestoreSince() {
        reads++
        if (revocations instanceof Error) throw revocations
        return revocations.restoredAt
      },
      async listRevocations(source, { accountId, after }) {
        if (revocations instanceof Error) throw revocations
        if (++pages > 50) throw new Error('the reading does not end')
        if (grow) return [...(revocations[source] ?? [])]
        const own = (revocations[source] ?? []).filter((row) => accountId === undefined || row.account_id === accountId)
        return own.filter(({ at }) => at > after.at)
      },
    },
  })
  read = async (accountId) => JSON.parse(String((await feed(accountId)).jws))
})

/** Each is read for a feed. */
const sources = 5

describe('the revocation feed', () => {
  test('is read from the database at most once a second', async () => {
    await read()
    await read()
    now += 999
    await read()
    expect(reads).toBe(1)
    now += 1
    await read()
    expect(reads).toBe(2)
  })

  test('is read again at once when a signing key was added or removed', async () => {
    await read()
    kids = ['key-2', 'key-1']
    expect(await read()).toMatchObject({ keys: ['key-2', 'key-1'] })
    kids = ['key-2']
    expect(await read()).toMatchObject({ keys: ['key-2'] })
  })

  test('is signed again after ten seconds if nothing changed, and at once if something did', async () => {
    expect(await read()).toMatchObject({ signed: 1 })
    now += 9_999
    expect(await read()).toMatchObject({ signed: 1, iat: start / 1000 })
    expect(reads).toBe(2)
    now += 1_000
    expect(await read()).toMatchObject({ signed: 2, iat: start / 1000 + 10 })
    now += 1_000
    revocations = {
      ...nothing,
      sessions: [{ account_id: 'account-1', at: now, key: ['01a1fd3a-c62d-7ea6-8b6d-a97e08d21893'] }],
    }
    expect(await read()).toMatchObject({ signed: 3, revoked: { session: expect.stringMatching(/^[\w-]+$/) } })
  })

  test('is read and signed again if the clock goes back', async () => {
    await read()
    now -= 1
    expect(await read()).toMatchObject({ signed: 2 })
    expect(reads).toBe(2)
  })

  test('a reading ends even if revocations arrive faster than they are read', async () => {
    const row = { account_id: 'account-1', at: start }
    const flood = { ...row, key: ['01a1fd3a-c62d-7ea6-8b6d-a97e08d21893'] }
    revocations = { sessions: Array.from({ length: 500 }, (_, i) => ({ ...flood, at: start + i })) }
    pages = 0
    grow = true
    await read()
    expect(pages).toBeLessThan(10)
  })

  test('contains the time when the database was last restored', async () => {
    expect(await read()).not.toHaveProperty('cut_off')
    now += 1_000
    revocations = { ...nothing, restoredAt: start - 5 }
    expect(await read()).toMatchObject({ cut_off: start - 5 })
  })

  test('is the last one while the database fails, or the error if there is none', async () => {
    const failure = new Error('the database is gone')
    revocations = failure
    await expect(read()).rejects.toBe(failure)
    revocations = nothing
    await read()
    revocations = failure
    now += 60_000
    expect(await read()).toMatchObject({ signed: 1, iat: start / 1000 })
  })

  test('of an account is read once for all simultaneous requests', async () => {
    await Promise.all([read('acme'), read('acme'), read('acme')])
    expect(pages).toBe(sources)
  })

  test("shares the server's facts with the feeds of other accounts for a second", async () => {
    await read('acme')
    now += 999
    await read('rival')
    expect(reads).toBe(1)
    now += 1
    await read()
    expect(reads).toBe(2)
  })

  test('of an account with revocations stays in memory during a flood of made-up accounts', async () => {
    revocations = { sessions: [{ account_id: 'acme', at: start, key: ['01a1fd3a-c62d-7ea6-8b6d-a97e08d21893'] }] }
    await read('acme')
    for (let index = 0; index < 5_001; index++) {
      pages = 0
      await read(`made up ${index}`)
    }
    pages = 0
    await read('acme')
    expect(pages).toBe(0)
    await read('made up 0')
    expect(pages).toBe(sources)
  })

  test("writes the cutoff that replaced an account's names, and retries until that succeeds", async () => {
    const rows = Array.from({ length: 100_001 }, (_, index) => ({
      account_id: 'account-1',
      at: start - 1_000,
      key: ['user', `user-${index}`],
    }))
    revocations = { cut_offs: rows }
    isReadOnly = true
    expect(Object.keys((await read('account-1')).cut_offs as object)).toContain('account')
    expect(written).toEqual([['account-1', start - 1_000]])
    isReadOnly = false
    now += 1_000
    await read('account-1')
    expect(written).toHaveLength(2)
    now += 1_000
    await read('account-1')
    expect(written).toHaveLength(2)
  })
})
