import { operations } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import type { ApiKey } from '../store/queries/api-keys.js'
import type { SecretKeyContext } from './contexts.js'
import { holdCaller } from './hold-caller.js'

const now = 1_000
const live = { id: 'key-1', accountId: 'own', disabled: false, expiresAt: null, scopes: ['admin'], name: 'key' }

type Id = 'admin.cards.upsert' | 'admin.apiKeys.rotate' | 'admin.apiKeys.disable'

/** Holds the caller, whose row is now as it is given; also what was locked. */
async function hold(row: object | undefined, id: Id = 'admin.cards.upsert', accountId = 'own') {
  const locked: unknown[] = []
  const store = {
    lockAccounts: async (...args: unknown[]) => void locked.push(args),
    findApiKey: async () => row,
  }
  const context = { store, clock: { now: () => now }, account: { id: accountId }, apiKey: live }
  // holdCaller uses no more of a context than this
  const held = await holdCaller(context as unknown as SecretKeyContext, operations[id])
  return { locked, apiKey: held.apiKey as ApiKey }
}

describe('the calling key in the transaction of its change', () => {
  test.each([
    ['is gone', undefined],
    ['was disabled', { ...live, disabled: true }],
    ['expires now', { ...live, expiresAt: now }],
    ['has expired', { ...live, expiresAt: now - 1 }],
  ])('changes nothing if it %s', async (_, row) => {
    await expect(hold(row)).rejects.toMatchObject({ reason: 'unauthenticated' })
  })

  test('changes nothing if it lost the scope', async () => {
    await expect(hold({ ...live, scopes: [] })).rejects.toMatchObject({ reason: 'insufficient_scope' })
  })

  test('counts as it is by then, not as it was', async () => {
    expect((await hold({ ...live, expiresAt: now + 1 })).apiKey.expiresAt).toBe(now + 1)
  })

  test('holds its own account and the one it acts for, alone if it ends keys', async () => {
    expect((await hold(live)).locked).toEqual([['own', ['own'], 'shared']])
    expect((await hold(live, 'admin.cards.upsert', 'child')).locked).toEqual([['own', ['own', 'child'], 'shared']])
    for (const id of ['admin.apiKeys.rotate', 'admin.apiKeys.disable'] as const)
      expect((await hold(live, id)).locked).toEqual([['own', ['own'], 'alone']])
  })
})
