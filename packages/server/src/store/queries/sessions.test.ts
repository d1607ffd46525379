import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { databases, openDatabase } from '../../testing/databases.js'

describe.each(databases)('sessions in %s', async (kind) => {
  const { store, close } = await openDatabase(kind)
  afterAll(close)

  const minted = () => ({ accountId: 'account-1', sid: randomUUID() })
  const at = (now: number) => ({ now, expiresAt: 1_000_000 })

  test('one that was only minted has no row and stands at 0', async () => {
    const session = minted()
    expect(await store.findSession(session)).toBeUndefined()
    expect(await store.rotateSession(session, 0, at(10))).toBe(true)
    expect(await store.findSession(session)).toEqual({ counter: 1, rotatedAt: 10, revokedAt: null })
  })

  test('moves on only from where it stands', async () => {
    const session = minted()
    expect(await store.rotateSession(session, 1, at(5))).toBe(false)
    expect(await store.rotateSession(session, 0, at(10))).toBe(true)
    expect(await store.rotateSession(session, 0, at(11))).toBe(false)
    expect(await store.rotateSession(session, 2, at(12))).toBe(false)
    expect(await store.rotateSession(session, 1, at(13))).toBe(true)
    expect(await store.findSession(session)).toEqual({ counter: 2, rotatedAt: 13, revokedAt: null })
  })

  test.each([0, 1])('of thirty rotations from %d at once, one holds', async (counter) => {
    const session = minted()
    if (counter === 1) await store.rotateSession(session, 0, at(1))
    const held = await Promise.all(Array.from({ length: 30 }, () => store.rotateSession(session, counter, at(2))))
    expect(held.filter(Boolean)).toHaveLength(1)
  })

  test('once revoked moves no more, and is revoked once', async () => {
    const session = minted()
    await store.rotateSession(session, 0, at(10))
    expect(await store.revokeSession(session, at(20))).toBe(true)
    expect(await store.revokeSession(session, at(30))).toBe(false)
    expect(await store.rotateSession(session, 1, at(40))).toBe(false)
    expect(await store.findSession(session)).toEqual({ counter: 1, rotatedAt: 10, revokedAt: 20 })
  })

  test('revoked before its first rotation never rotates', async () => {
    const session = minted()
    expect(await store.revokeSession(session, at(20))).toBe(true)
    expect(await store.rotateSession(session, 0, at(21))).toBe(false)
    expect(await store.findSession(session)).toEqual({ counter: 0, rotatedAt: null, revokedAt: 20 })
  })

  test('rotated and revoked at once is revoked in the end', async () => {
    for (let round = 0; round < 20; round++) {
      const session = minted()
      await Promise.all([store.rotateSession(session, 0, at(1)), store.revokeSession(session, at(2))])
      expect((await store.findSession(session))?.revokedAt).toBe(2)
      expect(await store.rotateSession(session, 1, at(3))).toBe(false)
    }
  })

  test("another account's session of the same id is another session", async () => {
    const session = minted()
    const foreign = { ...session, accountId: 'account-2' }
    await store.rotateSession(session, 0, at(10))
    expect(await store.findSession(foreign)).toBeUndefined()
    expect(await store.rotateSession(foreign, 1, at(11))).toBe(false)
    expect(await store.revokeSession(foreign, at(12))).toBe(true)
    expect(await store.findSession(session)).toEqual({ counter: 1, rotatedAt: 10, revokedAt: null })
  })
})
