import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { databases, openDatabase } from '../../testing/databases.js'
import { untold } from '../../testing/untold.js'

describe.each(databases)('sessions in %s', async (kind) => {
  const { store, close } = await openDatabase(kind)
  afterAll(close)

  const minted = () => ({ accountId: 'account-1', sid: randomUUID() })
  const at = (now: number) => ({ now, expiresAt: 1_000_000 })

  test('a session that was only minted has no row, and its counter is 0', async () => {
    const session = minted()
    expect(await store.findSession(session)).toBeUndefined()
    expect(await store.rotateSession(session, 0, at(10))).toBe(true)
    expect(await store.findSession(session)).toEqual({ counter: 1, rotatedAt: 10, revokedAt: null })
  })

  test('rotates only from its current counter', async () => {
    const session = minted()
    expect(await store.rotateSession(session, 1, at(5))).toBe(false)
    expect(await store.rotateSession(session, 0, at(10))).toBe(true)
    expect(await store.rotateSession(session, 0, at(11))).toBe(false)
    expect(await store.rotateSession(session, 2, at(12))).toBe(false)
    expect(await store.rotateSession(session, 1, at(13))).toBe(true)
    expect(await store.findSession(session)).toEqual({ counter: 2, rotatedAt: 13, revokedAt: null })
  })

  test.each([0, 1])(
    'a cutoff of its visitor, not earlier than its start, ends its rotation from %d',
    async (counter) => {
      const session = minted()
      const cutoff = { scope: 'visitor', subject: session.sid } as const
      const cutoffs = [{ scope: 'account', subject: 'account-1' } as const, cutoff]
      if (counter === 1) await store.rotateSession(session, 0, at(1))
      await store.addCutoff(session.accountId, cutoff, { notBefore: 50, expiresAt: 1_000_000 }, untold)
      expect(await store.rotateSession(session, counter, at(60), { cutoffs, startedAt: 49 })).toBe(false)
      expect(await store.rotateSession(session, counter, at(60), { cutoffs, startedAt: 50 })).toBe(false)
      expect(await store.rotateSession(session, counter, at(60), { cutoffs, startedAt: 51 })).toBe(true)
    },
  )

  test.each([0, 1])('one of thirty simultaneous rotations from %d succeeds', async (counter) => {
    const session = minted()
    if (counter === 1) await store.rotateSession(session, 0, at(1))
    const held = await Promise.all(Array.from({ length: 30 }, () => store.rotateSession(session, counter, at(2))))
    expect(held.filter(Boolean)).toHaveLength(1)
  })

  test("can't be rotated once it is revoked, and is revoked only once", async () => {
    const session = minted()
    await store.rotateSession(session, 0, at(10))
    expect(await store.revokeSession(session, at(20))).toBe(true)
    expect(await store.revokeSession(session, at(30))).toBe(false)
    expect(await store.rotateSession(session, 1, at(40))).toBe(false)
    expect(await store.findSession(session)).toEqual({ counter: 1, rotatedAt: 10, revokedAt: 20 })
  })

  test("can't be rotated if it was revoked before its first rotation", async () => {
    const session = minted()
    expect(await store.revokeSession(session, at(20))).toBe(true)
    expect(await store.rotateSession(session, 0, at(21))).toBe(false)
    expect(await store.findSession(session)).toEqual({ counter: 0, rotatedAt: null, revokedAt: 20 })
  })

  test('ends up revoked if it is rotated and revoked at once', async () => {
    for (let round = 0; round < 20; round++) {
      const session = minted()
      await Promise.all([store.rotateSession(session, 0, at(1)), store.revokeSession(session, at(2))])
      expect((await store.findSession(session))?.revokedAt).toBe(2)
      expect(await store.rotateSession(session, 1, at(3))).toBe(false)
    }
  })

  test("is separate from another account's session with the same id", async () => {
    const session = minted()
    const foreign = { ...session, accountId: 'account-2' }
    await store.rotateSession(session, 0, at(10))
    expect(await store.findSession(foreign)).toBeUndefined()
    expect(await store.rotateSession(foreign, 1, at(11))).toBe(false)
    expect(await store.revokeSession(foreign, at(12))).toBe(true)
    expect(await store.findSession(session)).toEqual({ counter: 1, rotatedAt: 10, revokedAt: null })
  })
})
