import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { databases, openDatabase } from '../../testing/databases.js'

describe.each(databases)('idempotency keys in %s', async (kind) => {
  const { store, close } = await openDatabase(kind)
  afterAll(close)

  const scopeOf = () => ({
    accountId: 'account-1',
    actingAccountId: 'account-1',
    operation: 'bridge.initialize',
    keyHash: randomUUID(),
  })
  const claimOf = (claimId: string, now = 0) => ({
    claimId,
    fingerprint: `print of ${claimId}`,
    leaseUntil: now + 30,
    expiresAt: now + 1000,
  })

  test('a free key is claimed once', async () => {
    const scope = scopeOf()
    expect(await store.findIdempotencyKey(scope)).toBeUndefined()
    expect(await store.claimIdempotencyKey(scope, claimOf('a'), 0)).toBe(true)
    expect(await store.claimIdempotencyKey(scope, claimOf('b'), 0)).toBe(false)
    expect(await store.findIdempotencyKey(scope)).toEqual({ fingerprint: 'print of a', sealedAnswer: null })
  })

  test('one of thirty simultaneous claims succeeds', async () => {
    const scope = scopeOf()
    const claims = Array.from({ length: 30 }, (_, i) => store.claimIdempotencyKey(scope, claimOf(`${i}`), 0))
    expect((await Promise.all(claims)).filter(Boolean)).toHaveLength(1)
  })

  test('a response is stored once, for the claim that succeeded', async () => {
    const scope = scopeOf()
    await store.claimIdempotencyKey(scope, claimOf('a'), 0)
    expect(await store.rememberAnswer(scope, 'b', 'theirs')).toBe(false)
    expect(await store.rememberAnswer(scope, 'a', 'sealed')).toBe(true)
    expect(await store.rememberAnswer(scope, 'a', 'again')).toBe(false)
    expect(await store.findIdempotencyKey(scope)).toEqual({ fingerprint: 'print of a', sealedAnswer: 'sealed' })
  })

  test('a stored response outlives its lease, until it expires', async () => {
    const scope = scopeOf()
    await store.claimIdempotencyKey(scope, claimOf('a'), 0)
    await store.rememberAnswer(scope, 'a', 'sealed')
    expect(await store.claimIdempotencyKey(scope, claimOf('b', 999), 999)).toBe(false)
    expect(await store.claimIdempotencyKey(scope, claimOf('c', 1000), 1000)).toBe(true)
    expect(await store.findIdempotencyKey(scope)).toEqual({ fingerprint: 'print of c', sealedAnswer: null })
  })

  test("a claim can be taken over after its lease, and its first holder can't store a response", async () => {
    const scope = scopeOf()
    await store.claimIdempotencyKey(scope, claimOf('a'), 0)
    expect(await store.claimIdempotencyKey(scope, claimOf('b', 29), 29)).toBe(false)
    expect(await store.claimIdempotencyKey(scope, claimOf('b', 30), 30)).toBe(true)
    expect(await store.rememberAnswer(scope, 'a', 'late')).toBe(false)
    await store.releaseIdempotencyKey(scope, 'a')
    expect(await store.findIdempotencyKey(scope)).toEqual({ fingerprint: 'print of b', sealedAnswer: null })
    expect(await store.rememberAnswer(scope, 'b', 'sealed')).toBe(true)
  })

  test('releasing frees the key at once', async () => {
    const scope = scopeOf()
    await store.claimIdempotencyKey(scope, claimOf('a'), 0)
    await store.releaseIdempotencyKey(scope, 'a')
    expect(await store.findIdempotencyKey(scope)).toBeUndefined()
    expect(await store.claimIdempotencyKey(scope, claimOf('b'), 0)).toBe(true)
  })

  test('a stored response is not released', async () => {
    const scope = scopeOf()
    await store.claimIdempotencyKey(scope, claimOf('a'), 0)
    await store.rememberAnswer(scope, 'a', 'sealed')
    await store.releaseIdempotencyKey(scope, 'a')
    expect(await store.findIdempotencyKey(scope)).toMatchObject({ sealedAnswer: 'sealed' })
  })

  test.each(['accountId', 'actingAccountId', 'operation', 'keyHash'] as const)(
    'a different %s is a different key',
    async (part) => {
      const scope = scopeOf()
      const other = { ...scope, [part]: 'another' }
      await store.claimIdempotencyKey(scope, claimOf('a'), 0)
      expect(await store.findIdempotencyKey(other)).toBeUndefined()
      expect(await store.rememberAnswer(other, 'a', 'theirs')).toBe(false)
      await store.releaseIdempotencyKey(other, 'a')
      expect(await store.claimIdempotencyKey(other, claimOf('b'), 0)).toBe(true)
      expect(await store.findIdempotencyKey(scope)).toEqual({ fingerprint: 'print of a', sealedAnswer: null })
      await store.releaseIdempotencyKey(other, 'b')
    },
  )
})
