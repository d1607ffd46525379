import { operations } from '@hallpass/contracts'
import { describe, expect, test } from 'vitest'
import type { ApiKey } from '../store/queries/api-keys.js'
import type { SecretKeyContext } from './contexts.js'
import { holdCaller } from './hold-caller.js'

const now = 1_000
const live = { id: 'key-1', accountId: 'own', disabled: false, expiresAt: null, scopes: ['admin'], name: 'key' }

type Id = 'admin.accounts.update' | 'admin.cards.upsert' | 'admin.apiKeys.rotate' | 'admin.apiKeys.disable'

/** Locks the caller, whose row is now the given one. Also returns what was locked. */
async function hold(row: object | undefined, id: Id = 'admin.cards.upsert', accountId = 'own', enabled = ['own']) {
  const locked: unknown[] = []
  const store = {
    lockAccounts: async (...args: unknown[]) => {
      locked.push(args)
      return enabled
    },
    findApiKey: async () => row,
  }
  const context = { store, clock: { now: () => now }, account: { id: accountId }, apiKey: live }
  // holdCaller uses only this much of a context
  const held = await holdCaller(context as unknown as SecretKeyContext, operations[id], { account_id: 'other' })
  return { locked, apiKey: held.apiKey as ApiKey }
}

describe('the calling key, read again in the transaction', () => {
  test.each([
    ['is gone', undefined],
    ['was disabled', { ...live, disabled: true }],
    ['expires now', { ...live, expiresAt: now }],
    ['has expired', { ...live, expiresAt: now - 1 }],
  ])('is rejected if it %s', async (_, row) => {
    await expect(hold(row)).rejects.toMatchObject({ reason: 'unauthenticated' })
  })

  test('is rejected if it lost the scope', async () => {
    await expect(hold({ ...live, scopes: [] })).rejects.toMatchObject({ reason: 'insufficient_scope' })
  })

  test('is rejected if its account was disabled', async () => {
    await expect(hold(live, 'admin.cards.upsert', 'child', ['child'])).rejects.toMatchObject({
      reason: 'account_disabled',
    })
  })

  test('locks the account that the call changes too', async () => {
    expect((await hold(live, 'admin.accounts.update')).locked).toEqual([['own', ['own', 'other'], 'alone']])
  })

  test('is used as it is now, not as it was', async () => {
    expect((await hold({ ...live, expiresAt: now + 1 })).apiKey.expiresAt).toBe(now + 1)
  })

  test('locks its own account and the one it acts for, exclusively if the call ends keys', async () => {
    expect((await hold(live)).locked).toEqual([['own', ['own'], 'shared']])
    expect((await hold(live, 'admin.cards.upsert', 'child')).locked).toEqual([['own', ['own', 'child'], 'shared']])
    for (const id of ['admin.apiKeys.rotate', 'admin.apiKeys.disable'] as const)
      expect((await hold(live, id)).locked).toEqual([['own', ['own'], 'alone']])
  })
})
