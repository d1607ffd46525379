import { operations, type Reason } from '@hallpass/contracts'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { AuditEntry } from '../store/queries/audit.js'
import { createRefusalAuditor, noteRefusedAdministration } from './audit-refusals.js'

const refusal = (more: object = {}) => ({
  accountId: 'account-1',
  apiKeyId: 'key-1',
  operation: 'admin.cards.upsert',
  reason: 'not_found' as Reason,
  requestId: 'request-1',
  ...more,
})

function setUp() {
  const entries: AuditEntry[] = []
  const warnings: unknown[] = []
  let isFailing = false
  let turns = 0
  const now = () => {
    turns++
    return Date.now()
  }
  const store = {
    appendAuditEntry: async (_: unknown, entry: AuditEntry) => {
      if (isFailing) throw new Error('the database is gone')
      entries.push(entry)
    },
  }
  const deps = {
    clock: { now, random: (bytes: number) => Buffer.alloc(bytes) },
    auditSealer: {},
    store: { transaction: (run: (tx: unknown) => unknown) => run(store) },
    log: { warn: (...line: unknown[]) => void warnings.push(line) },
    logAudit: () => {},
  }
  // only the entries matter here
  const auditor = createRefusalAuditor(deps as unknown as Parameters<typeof createRefusalAuditor>[0])
  const countsOf = () => entries.map(({ changes }) => (changes as { refused: { count: number }[] }).refused[0]?.count)
  return {
    auditor,
    entries,
    warnings,
    countsOf,
    turns: () => turns,
    fail: (isFailingNow: boolean) => {
      isFailing = isFailingNow
    },
  }
}
const minutes = 60_000
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)

describe('a refused administrative call', () => {
  beforeEach(() => void vi.useFakeTimers({ now: 1_795_248_000_000 }))
  afterEach(() => void vi.useRealTimers())

  test('is in the history half a second later, and later ones are counted for 10 minutes', async () => {
    const { auditor, entries, countsOf } = setUp()
    auditor.note(refusal())
    await pass(499)
    expect(entries).toEqual([])
    await pass(1)
    expect(countsOf()).toEqual([1])
    for (let index = 0; index < 3; index++) auditor.note(refusal())
    await pass(10 * minutes - 501)
    expect(countsOf()).toEqual([1])
    await pass(501)
    expect(countsOf()).toEqual([1, 3])
  })

  test('is written at once again if the account was quiet for 10 minutes', async () => {
    const { auditor, countsOf, turns } = setUp()
    auditor.note(refusal())
    await pass(11 * minutes)
    const before = turns()
    await pass(minutes)
    expect(turns() - before, 'without a timer').toBe(0)
    auditor.note(refusal())
    await pass(500)
    expect(countsOf()).toEqual([1, 1])
  })

  test('names the kinds, and the key if there is only one', async () => {
    const { auditor, entries } = setUp()
    auditor.note(refusal())
    auditor.note(refusal({ reason: 'state_conflict' }))
    await auditor.flush()
    auditor.note(refusal({ apiKeyId: 'key-2', requestId: 'request-2' }))
    auditor.note(refusal())
    await auditor.flush()
    expect(entries.map(({ apiKeyId, requestId }) => [apiKeyId, requestId])).toEqual([
      ['key-1', 'request-1'],
      [null, 'request-2'],
    ])
    expect(entries[0]?.changes).toEqual({
      refused: ['not_found', 'state_conflict'].map((reason) => ({
        operation: 'admin.cards.upsert',
        reason,
        count: 1,
        api_key_id: 'key-1',
        first_request_id: 'request-1',
      })),
    })
  })

  test('names 20 kinds and counts the others', async () => {
    const { auditor, entries } = setUp()
    for (let index = 0; index < 23; index++) auditor.note(refusal({ apiKeyId: `key-${index}` }))
    await auditor.flush()
    expect(entries).toHaveLength(1)
    const names = Array.from({ length: 20 }, (_, index) => ({ api_key_id: `key-${index}` }))
    expect(entries[0]?.changes).toMatchObject({ others: 3, refused: names })
  })

  test('is ignored beyond 10,000 accounts at a time, so memory is bounded', async () => {
    const { auditor, entries } = setUp()
    for (let index = 0; index < 10_002; index++) auditor.note(refusal({ accountId: `account-${index}` }))
    auditor.note(refusal({ accountId: 'account-0' }))
    await auditor.flush()
    expect(entries).toHaveLength(10_000)
    expect(entries[0]?.changes).toMatchObject({ refused: [{ count: 2 }] })
  })

  test("is a warning in the log if it can't be written, and the next one is written", async () => {
    const { auditor, entries, warnings, fail } = setUp()
    fail(true)
    auditor.note(refusal())
    await auditor.flush()
    expect(warnings).toHaveLength(1)
    fail(false)
    auditor.note(refusal())
    await auditor.flush()
    expect(entries).toHaveLength(1)
  })
})

describe('a refusal that belongs in the history', () => {
  const isNoted = (id: keyof typeof operations, reason: Reason, isRead: boolean, caller: object = refusal()) => {
    let count = 0
    const call = { operation: operations[id], caller, error: { reason }, isRead, requestId: 'r' }
    noteRefusedAdministration({ note: () => count++ }, call)
    return count === 1
  }

  test.each<[string, keyof typeof operations, Reason, boolean, boolean]>([
    ['a missing scope for a change', 'admin.cards.upsert', 'insufficient_scope', false, true],
    ['a missing scope for a read', 'admin.cards.list', 'insufficient_scope', false, true],
    ['another account', 'admin.cards.list', 'not_found', false, true],
    ['a change that was rejected', 'admin.cards.upsert', 'state_conflict', true, true],
    ['a change of a missing record', 'admin.cards.upsert', 'not_found', true, true],
    ['a read of a missing record', 'admin.cards.get', 'not_found', true, false],
    ['an unreadable input', 'admin.cards.upsert', 'validation_failed', false, false],
    ['an exceeded limit', 'admin.cards.upsert', 'rate_limited', true, false],
    ['another kind of operation', 'tokens.redeem', 'insufficient_scope', false, false],
  ])('%s: %s, %s, read: %s: %s', (_, id, reason, isRead, expected) => {
    expect(isNoted(id, reason, isRead)).toBe(expected)
  })

  test('needs a known key and a known account', () => {
    for (const caller of [{}, { accountId: 'a' }, { apiKeyId: 'k' }])
      expect(isNoted('admin.cards.upsert', 'insufficient_scope', false, caller)).toBe(false)
  })
})
