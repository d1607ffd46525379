import { afterAll, describe, expect, test } from 'vitest'
import { databases, openDatabase } from '../../testing/databases.js'

describe.each(databases)('secret keys in %s', async (kind) => {
  const { store, close } = await openDatabase(kind)
  afterAll(close)

  test('of any account, active or not, are found among many secrets', async () => {
    const account = { name: 'Acme', tenant: '2_3', environment: 'sandbox', parent_id: null } as const
    const key = { name: 'backend', scopes: ['bridge:write'], createdAt: 10, expiresAt: 11, hint: null } as const
    for (const [name, disabled] of [
      ['a', true],
      ['b', false],
    ] as const) {
      await store.upsertAccount({ ...account, id: `account-${name}`, tenant: name })
      await store.upsertApiKey(`account-${name}`, { ...key, id: `key-${name}`, secretHash: `hash-${name}`, disabled })
    }
    const found = await store.findApiKeysBySecrets(['hash-a', 'unknown', 'hash-b'])
    const named = found.map(({ secretHash, apiKey }) => [secretHash, apiKey.accountId, apiKey.id])
    expect(named.toSorted()).toEqual([
      ['hash-a', 'account-a', 'key-a'],
      ['hash-b', 'account-b', 'key-b'],
    ])
  })
})
