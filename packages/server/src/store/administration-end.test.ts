import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { databases, openDatabase } from '../testing/databases.js'

describe.each(databases)('in %s', async (kind) => {
  const { store, close } = await openDatabase(kind)
  afterAll(close)

  test('an account can be administered until its last key with the scope admin expires', async () => {
    for (const id of ['mine', 'theirs']) {
      await store.upsertAccount({ id, name: 'Acme', tenant: '2_3', environment: 'sandbox', parent_id: null })
    }
    const add = (changes: object, account = 'mine') => {
      const fixed = { id: randomUUID(), name: 'x', secretHash: randomUUID(), createdAt: 10, hint: null }
      return store.upsertApiKey(account, { ...fixed, scopes: ['*'], expiresAt: null, ...changes })
    }
    const end = (now = 100) => store.findAdministrationEnd('mine', now)
    await add({ scopes: ['bridge:write', 'host'] })
    await add({ disabled: true })
    await add({}, 'theirs')
    expect(await end()).toBe(0)
    await add({ scopes: ['admin'], expiresAt: 500 })
    await add({ scopes: ['cards:write', '*'], expiresAt: 900 })
    expect([await end(499), await end(899), await end(900)]).toEqual([900, 900, 0])
    await add({ scopes: ['admin'] })
    expect(await end()).toBe(Infinity)
  })
})
