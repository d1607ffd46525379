import { describe, expect, test } from 'vitest'
import type { AuditEntry } from '../store/queries/audit.js'
import { type AuditDeps, auditChange, type Change } from './audit-change.js'

const now = 1_795_248_000_000

/** Returns the audit entry of a change. */
async function entryOf(change: Partial<Change>): Promise<AuditEntry> {
  let written: AuditEntry | undefined
  const store = {
    appendAuditEntry: async (_: unknown, entry: AuditEntry) => {
      written = entry
    },
  }
  const clock = { now: () => now, random: (bytes: number) => Buffer.alloc(bytes) }
  const whole: Change = {
    operation: { id: 'admin.cards.upsert' },
    by: null,
    accountId: 'a',
    input: {},
    value: {},
    ...change,
  }
  // only the entry matters here
  await auditChange({ clock, store, auditSealer: {} } as unknown as AuditDeps, whole)
  if (!written) throw new Error('nothing was written')
  return written
}
const targetOf = async (change: Partial<Change>) => (await entryOf(change)).targetId
const ofPath = { id: 'admin.cards.upsert', pathFields: ['card_id'] } as const

describe('an audit entry', () => {
  test('names who changed what, and is kept for 90 days', async () => {
    const by = { apiKey: { id: 'key-1', accountId: 'parent' }, requestId: 'request-1' }
    expect(await entryOf({ by, input: { name: 'Ada' } })).toMatchObject({
      accountId: 'a',
      at: now,
      operation: 'admin.cards.upsert',
      requestId: 'request-1',
      apiKeyId: 'key-1',
      apiKeyAccountId: 'parent',
      changes: { name: 'Ada' },
      expiresAt: now + 90 * 24 * 3_600_000,
    })
  })

  test('names no key for a change made on the host', async () => {
    expect(await entryOf({})).toMatchObject({ requestId: null, apiKeyId: null, apiKeyAccountId: null })
  })

  test.each([
    ['what the path names', { operation: ofPath, input: { card_id: 'card-1' }, value: { id: 'other' } }, 'card-1'],
    ['the id in the response', { value: { id: 'account-1' } }, 'account-1'],
    ['the kid in the response', { value: { kid: 'kid-1' } }, 'kid-1'],
    ['the kid, if what the path names is missing', { operation: ofPath, value: { kid: 'kid-1' } }, 'kid-1'],
    ['what the change names itself', { targetId: 'target-1', value: { id: 'other' } }, 'target-1'],
    ['nothing for another response', { value: { name: 'x' } }, null],
    ["nothing for ids that aren't text", { value: { id: 1, kid: 2 } }, null],
    ['nothing for a null response', { value: null }, null],
    ['nothing for a text response', { value: 'id' }, null],
  ])('has as its target %s', async (_, change, target) => {
    expect(await targetOf(change)).toBe(target)
  })

  test('omits every secret, however deep, and nothing else', async () => {
    const input = {
      token: 't',
      api: { client_secret: 's', PASSWORD: 'p', embed_ticket: 'e' },
      headers: { 'X-Vault-Token': 'v', Cookie: 'c', authorization: 'a' },
      secretary: 'Ada',
      tokens: 1,
    }
    const hidden = '<REDACTED>'
    expect((await entryOf({ input })).changes).toEqual({
      token: hidden,
      api: { client_secret: hidden, PASSWORD: hidden, embed_ticket: hidden },
      headers: { 'X-Vault-Token': hidden, Cookie: hidden, authorization: hidden },
      secretary: 'Ada',
      tokens: 1,
    })
  })
})
