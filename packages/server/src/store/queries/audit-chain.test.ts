import { randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AuditKeys, createAuditSealer } from '../../crypto/audit-sealer.js'
import { newId } from '../../ids.js'
import { verifyAudit } from '../../operations/admin/verify-audit.js'
import { databases, openDatabase } from '../../testing/databases.js'
import { anyTampering, atPlace, entriesPerChain, type Tampering, tamperedAccounts } from '../../testing/tamper-audit.js'
import { type Kysely, sql } from '../kysely.js'
import type { Database } from '../schema.js'
import { scopesOf } from '../scope.js'
import { createStore, type Store } from '../store.js'
import type { AuditEntry } from './audit.js'
import type { AuditSealer } from './audit-chain.js'

const start = 1_790_000_000_000
const accounts = tamperedAccounts
const one = accounts[1]
const kept = 1_000

function entryAt(at: number, accountId: string | null): AuditEntry {
  const id = newId({ now: () => at, random: randomBytes })
  const by = { requestId: 'r', apiKeyId: 'k', apiKeyAccountId: one, targetId: `t${at}` }
  return { id, accountId, at, operation: 'admin.cards.upsert', ...by, changes: { at }, expiresAt: at + kept }
}

/** Keys, some of which were deleted. The last one is current. */
function sealerOf(names: readonly string[], forgotten: readonly string[] = []): AuditSealer {
  const keyOf = (id: string) => Buffer.alloc(32, id)
  const keys: AuditKeys = {
    current: () => ({ id: names.at(-1) ?? '', key: keyOf(names.at(-1) ?? '') }),
    refresh: async () => {},
    find: (id) => (names.includes(id) && !forgotten.includes(id) ? keyOf(id) : undefined),
  }
  return createAuditSealer(keys)
}

const append = (store: Store, sealer: AuditSealer, entry: AuditEntry) =>
  store.transaction((tx) => tx.appendAuditEntry(sealer, entry))

/** Row-level security hides a head that was given to another account. The entry is refused then. */
function ifHeadIsHidden(error: unknown): void {
  if (String(error) !== 'Error: the head of an audit chain could not be moved') throw error
}

describe.each(databases)('the chains of audit entries, %s', async (kind) => {
  const { db, store, close } = await openDatabase(kind)
  const sealer = sealerOf(['a'])
  beforeAll(async () => {
    for (let at = start; at < start + accounts.length * entriesPerChain; at++) {
      await append(store, sealer, entryAt(at, accounts[at % 3] ?? null))
    }
  })
  afterAll(close)
  const undone = new Error('undone')

  /** Verifies after a change, which is then rolled back. */
  async function verifyAfter(change: (db: Kysely<Database>, store: Store) => Promise<unknown>, keys = sealer) {
    let found: Awaited<ReturnType<typeof verifyAudit>> | undefined
    const run = db.transaction().execute(async (trx) => {
      const inside = createStore(trx)
      await change(scopesOf(trx).unscoped, inside)
      found = await verifyAudit({ store: inside, auditSealer: keys })
      throw undone
    })
    await run.catch((error: unknown) => {
      if (error !== undone) throw error
    })
    if (!found) throw new Error('nothing was verified')
    return found
  }
  const first = (found: Awaited<ReturnType<typeof verifyAfter>>) => found.faults[0]

  test('are complete if unchanged', async () => {
    const found = await verifyAfter(async () => {})
    expect(found).toMatchObject({ whole: true, faults: [] })
    expect(
      found.chains.map(({ account_id, first_seq, last_seq, entries, unchained }) => [
        account_id,
        first_seq,
        last_seq,
        entries,
        unchained,
      ]),
    ).toEqual(accounts.map((account) => [account, 1, entriesPerChain, entriesPerChain, 0]))
  })

  test('any tampering is found, even after another entry was added', async () => {
    const property = fc.asyncProperty(anyTampering, fc.constantFrom(...accounts), async ({ change }, account) => {
      const found = await verifyAfter(change)
      expect(found.whole).toBe(false)
      const later = await verifyAfter(async (unscoped, inside) => {
        await change(unscoped)
        await inside.appendAuditEntry(sealer, entryAt(start + 100, account)).catch(ifHeadIsHidden)
      })
      expect(later.whole).toBe(false)
    })
    await fc.assert(property, { numRuns: kind === 'SQLite in memory' ? 100 : 15 })
  })

  test("the first entry that doesn't fit is reported", async () => {
    const named = (fault: { seq: number | null; account: string | null; problem: string }) => ({
      account_id: fault.account,
      seq: fault.seq,
      problem: expect.stringContaining(fault.problem),
    })
    const update = (set: ReturnType<typeof sql>, seq: number) => (unscoped: Kysely<Database>) =>
      sql`update audit_entries set ${set} where ${atPlace(one, seq)}`.execute(unscoped)
    const remove = (seq: number) => (unscoped: Kysely<Database>) =>
      sql`delete from audit_entries where ${atPlace(one, seq)}`.execute(unscoped)
    expect(first(await verifyAfter(update(sql`changes = '{}'`, 3)))).toMatchObject(
      named({ account: one, seq: 3, problem: 'was changed' }),
    )
    expect(first(await verifyAfter(update(sql`seq = 9`, 2)))).toMatchObject(
      named({ account: one, seq: 2, problem: 'is missing' }),
    )
    expect(first(await verifyAfter(remove(4)))).toMatchObject(named({ account: one, seq: 4, problem: 'is missing' }))
    expect(first(await verifyAfter(remove(6)))).toMatchObject(
      named({ account: one, seq: 6, problem: 'missing at the end' }),
    )
    expect(first(await verifyAfter(update(sql`seq = 0`, 1)))).toMatchObject(
      named({ account: one, seq: 0, problem: 'inserted' }),
    )
  })

  test('removing expired entries leaves the chains complete, and keeps changed entries', async () => {
    const before = start + 9 + kept
    const sweep = async (inside: Store) => {
      for (const account of accounts) await inside.removeExpiredEntries(sealer, account, { before, batch: 100 })
    }
    const found = await verifyAfter(async (_, inside) => {
      expect(await inside.findExpiredChains(before, undefined, 100)).toHaveLength(3)
      await sweep(inside)
      await inside.appendAuditEntry(sealer, entryAt(start + 100, one))
    })
    expect(found).toMatchObject({ whole: true })
    expect(found.chains.find(({ account_id }) => account_id === one)).toMatchObject({ first_seq: 4, last_seq: 7 })
    const tampered = await verifyAfter(async (unscoped, inside) => {
      await sql`update audit_entries set changes = '{}' where ${atPlace(one, 2)}`.execute(unscoped)
      await sweep(inside)
    })
    expect(tampered.faults).toMatchObject([{ account_id: one, seq: 2 }])
    const removedAgain = await verifyAfter(async (unscoped, inside) => {
      await sweep(inside)
      await sql`delete from audit_entries where ${atPlace(one, 4)}`.execute(unscoped)
    })
    expect(removedAgain.faults).toMatchObject([{ account_id: one, seq: 4, id: null }])
  })

  test('entries of a deleted key are protected by later entries', async () => {
    const rotate = async (inside: Store) => {
      for (const account of accounts) await inside.appendAuditEntry(sealerOf(['a', 'b']), entryAt(start + 200, account))
    }
    const after = async (tamper: Tampering['change'], keys: AuditSealer) =>
      verifyAfter(async (unscoped, inside) => {
        await inside.resealAuditChains(sealerOf(['a', 'b']))
        await rotate(inside)
        await tamper(unscoped)
      }, keys)
    const untouched = async () => {}
    expect(await after(untouched, sealerOf(['a', 'b']))).toMatchObject({ whole: true })
    expect(await after(untouched, sealerOf(['a', 'b'], ['a']))).toMatchObject({ whole: true })
    const change: Tampering['change'] = (unscoped) =>
      sql`update audit_entries set operation = 'x' where ${atPlace(one, 2)}`.execute(unscoped)
    expect((await after(change, sealerOf(['a', 'b']))).faults).toMatchObject([{ account_id: one, seq: 2 }])
    const otherCode: Tampering['change'] = (unscoped) =>
      sql`update audit_entries set mac = 'x' where ${atPlace(one, 2)}`.execute(unscoped)
    expect((await after(otherCode, sealerOf(['a', 'b'], ['a']))).whole).toBe(false)
    const vague = (await after(change, sealerOf(['a', 'b'], ['a']))).faults
    expect(vague).toMatchObject([{ account_id: one, seq: 7, problem: expect.stringContaining('or one from 1 on') }])
  })

  test('an entry follows those of another process, and of no transaction that was undone', async () => {
    const other = sealerOf(['a'])
    const at = start + 400
    const found = await verifyAfter(async (_, inside) => {
      for (const by of [sealer, other, sealer, sealer, other]) await inside.appendAuditEntry(by, entryAt(at, one))
    })
    expect(found).toMatchObject({ whole: true })
    expect(found.chains.find(({ account_id }) => account_id === one)).toMatchObject({ last_seq: entriesPerChain + 5 })
    // both remember heads that were undone
    const later = await verifyAfter(async (_, inside) => {
      for (const by of [other, sealer]) await inside.appendAuditEntry(by, entryAt(at, one))
    })
    expect(later).toMatchObject({ whole: true })
    expect(later.chains.find(({ account_id }) => account_id === one)).toMatchObject({ last_seq: entriesPerChain + 2 })
  })

  test('a change of the head is noted by the process that sealed it last', async () => {
    const found = await verifyAfter(async (unscoped, inside) => {
      await inside.appendAuditEntry(sealer, entryAt(start + 500, one))
      await sql`update audit_heads set removed_link = 'x' where chain = ${one}`.execute(unscoped)
      await inside.appendAuditEntry(sealer, entryAt(start + 501, one))
      const { broken_at } = (await inside.findAuditHead(one)) ?? {}
      expect(broken_at).toBe(entriesPerChain + 2)
    })
    expect(found.whole).toBe(false)
  })

  test("the deleted key can't be used to add entries", async () => {
    const thief = sealerOf(['a'])
    const found = await verifyAfter(
      async (_, inside) => {
        await inside.resealAuditChains(sealerOf(['a', 'b']))
        await inside.appendAuditEntry(thief, entryAt(start + 300, one))
      },
      sealerOf(['a', 'b'], ['a']),
    )
    expect(found.faults).toMatchObject([{ account_id: one }])
  })
})

describe.each(databases)('entries from before chains existed, %s', async (kind) => {
  const { db, store, close } = await openDatabase(kind)
  const sealer = sealerOf(['a'])
  const insertUnchained = (id: string) =>
    sql`insert into audit_entries (id, account_id, at, operation, changes, expires_at)
      values (${id}, ${one}, ${start}, 'admin.cards.upsert', '{}', ${start + kept})`.execute(scopesOf(db).unscoped)
  afterAll(close)

  test("are counted, may expire, and can't be added", async () => {
    await insertUnchained('old-1')
    await insertUnchained('old-2')
    expect(await verifyAudit({ store, auditSealer: sealer })).toMatchObject({ whole: true, chains: [{ unchained: 2 }] })
    await append(store, sealer, entryAt(start + 1, one))
    expect(await verifyAudit({ store, auditSealer: sealer })).toMatchObject({
      whole: true,
      chains: [{ account_id: one, entries: 1, unchained: 2 }],
    })
    await insertUnchained('new')
    expect((await verifyAudit({ store, auditSealer: sealer })).faults).toMatchObject([
      { account_id: null, problem: expect.stringContaining('3 entries are outside the chains') },
    ])
    expect(await store.removeUnchained(start + kept, 2)).toBe(2)
    expect((await verifyAudit({ store, auditSealer: sealer })).whole).toBe(true)
  })
})
