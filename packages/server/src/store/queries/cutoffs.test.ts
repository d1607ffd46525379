import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { addCard } from '../../testing/add-card.js'
import { databases, openDatabase } from '../../testing/databases.js'

describe.each(databases)('in %s', async (kind) => {
  const { store, close } = await openDatabase(kind)
  afterAll(close)

  describe('a cutoff', () => {
    const visitor = { scope: 'visitor', subject: 'visitor-1' } as const
    const clientKey = { scope: 'client_key', subject: 'key-1' } as const
    const at = (notBefore: number) => ({ notBefore, expiresAt: notBefore + 100_000 })

    test('is found by its scope and subject', async () => {
      const account = randomUUID()
      expect(await store.findCutoff(account, [visitor])).toBeUndefined()
      await store.addCutoff(account, visitor, at(10))
      expect(await store.findCutoff(account, [visitor])).toBe(10)
      expect(await store.findCutoff(account, [{ ...visitor, subject: 'visitor-2' }])).toBeUndefined()
      expect(await store.findCutoff(account, [{ ...visitor, scope: 'user' }])).toBeUndefined()
    })

    test('only moves forward', async () => {
      const account = randomUUID()
      await store.addCutoff(account, visitor, at(20))
      await store.addCutoff(account, visitor, at(10))
      expect(await store.findCutoff(account, [visitor])).toBe(20)
      await store.addCutoff(account, visitor, at(30))
      expect(await store.findCutoff(account, [visitor])).toBe(30)
    })

    test('the latest of several counts, and without one the result is undefined', async () => {
      const account = randomUUID()
      await store.addCutoff(account, visitor, at(10))
      await store.addCutoff(account, clientKey, at(20))
      expect(await store.findCutoff(account, [visitor, clientKey])).toBe(20)
      expect(await store.findCutoff(account, [])).toBeUndefined()
    })

    test('of another account is invisible', async () => {
      const [mine, theirs] = [randomUUID(), randomUUID()]
      await store.addCutoff(theirs, visitor, at(10))
      expect(await store.findCutoff(mine, [visitor])).toBeUndefined()
    })
  })

  describe('sweepExpired', () => {
    const account = 'account-1'
    const times = (expiresAt: number) => ({ now: 0, expiresAt })
    const fill = async (expiresAt: number) => {
      const [a, b, c, d, e] = [randomUUID(), randomUUID(), randomUUID(), randomUUID(), randomUUID()]
      const scope = { accountId: account, actingAccountId: account, operation: 'bridge.initialize', keyHash: e }
      const token = { accountId: account, kind: 'visitor', jti: a } as const
      const user = { scope: 'user', subject: b } as const
      const session = { accountId: account, sid: c }
      const card = {
        jti: d,
        card_id: await addCard(store, account),
        widget_type: 'REVEAL',
        api_key_id: 'key-1',
        issued_at: 0,
        expires_at: expiresAt,
      } as const
      await store.consumeOrRevokeToken(token, 'spent', times(expiresAt))
      await store.addCutoff(account, user, { notBefore: 5, expiresAt })
      await store.rotateSession(session, 0, times(expiresAt))
      await store.insertCardToken(account, { token_hash: d, ...card })
      await store.claimIdempotencyKey(scope, { claimId: 'c', fingerprint: 'f', leaseUntil: 0, expiresAt }, 0)
      return async () => ({
        token: await store.isTokenFinal(token),
        addCutoff: (await store.findCutoff(account, [user])) !== undefined,
        session: (await store.findSession(session)) !== undefined,
        card: (await store.findCardToken(account, d)) !== undefined,
        key: (await store.findIdempotencyKey(scope)) !== undefined,
      })
    }
    const all = (there: boolean) => ({ token: there, addCutoff: there, session: there, card: there, key: there })

    test('removes what has expired from every table, and nothing else', async () => {
      const [gone, edge, kept] = [await fill(99), await fill(100), await fill(101)]
      expect(await store.sweepExpired(100, 1000)).toBe(10)
      expect([await gone(), await edge(), await kept()]).toEqual([all(false), all(false), all(true)])
      expect(await store.sweepExpired(100, 1000)).toBe(0)
      await store.sweepExpired(1000, 1000)
    })

    test('works in batches, until nothing is left', async () => {
      for (let i = 0; i < 7; i++) await fill(50)
      const swept = [0, 0, 0, 0].map(() => () => store.sweepExpired(100, 3))
      const counts: number[] = []
      for (const sweep of swept) counts.push(await sweep())
      expect(counts).toEqual([15, 15, 5, 0])
    })
  })
})
