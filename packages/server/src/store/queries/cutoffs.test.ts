import { randomBytes, randomUUID } from 'node:crypto'
import { afterAll, describe, expect, test } from 'vitest'
import { addCard } from '../../testing/add-card.js'
import { databases, openDatabase } from '../../testing/databases.js'
import { untold } from '../../testing/untold.js'
import { type CutoffWrite, cutoffEvent } from '../../webhooks/cutoff-event.js'

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
      await store.addCutoff(account, visitor, at(10), untold)
      expect(await store.findCutoff(account, [visitor])).toBe(10)
      expect(await store.findCutoff(account, [{ ...visitor, subject: 'visitor-2' }])).toBeUndefined()
      expect(await store.findCutoff(account, [{ ...visitor, scope: 'user' }])).toBeUndefined()
    })

    test('only moves forward', async () => {
      const account = randomUUID()
      await store.addCutoff(account, visitor, at(20), untold)
      await store.addCutoff(account, visitor, at(10), untold)
      expect(await store.findCutoff(account, [visitor])).toBe(20)
      await store.addCutoff(account, visitor, at(30), untold)
      expect(await store.findCutoff(account, [visitor])).toBe(30)
    })

    test('the latest of several counts, and without one the result is undefined', async () => {
      const account = randomUUID()
      await store.addCutoff(account, visitor, at(10), untold)
      await store.addCutoff(account, clientKey, at(20), untold)
      expect(await store.findCutoff(account, [visitor, clientKey])).toBe(20)
      expect(await store.findCutoff(account, [])).toBeUndefined()
    })

    test('of another account is invisible', async () => {
      const [mine, theirs] = [randomUUID(), randomUUID()]
      await store.addCutoff(theirs, visitor, at(10), untold)
      expect(await store.findCutoff(mine, [visitor])).toBeUndefined()
    })
  })

  describe('the event of a cutoff', () => {
    const visitor = { scope: 'visitor', subject: 'visitor-1' } as const
    const times = (notBefore: number) => ({ notBefore, expiresAt: notBefore + 100_000 })
    const clock = { now: () => 1_000, random: randomBytes }
    const told = (write: CutoffWrite = 'only') => cutoffEvent(clock, 'revoked', { write })

    async function subscribe(accountId = randomUUID()) {
      const id = randomUUID()
      const row = { event_types: ',session.ended,', description: '', sealed_secret: '', created_at: 0 }
      await store.insertWebhookEndpoint(accountId, { id, url: 'https://hooks.example/', ...row }, 10)
      const list = async () => {
        const page = { before: undefined, limit: 100, state: undefined }
        const rows = await store.listWebhookDeliveries({ accountId, endpointId: id }, page)
        const shown = rows.map(({ payload, next_attempt_at }) => ({
          notBefore: Date.parse(JSON.parse(payload).data.not_before),
          dueAt: next_attempt_at,
        }))
        return shown.toSorted((one, other) => one.notBefore - other.notBefore)
      }
      const lease = (now: number) =>
        store.leaseWebhookDeliveries(id, { lease: randomUUID(), now, until: now + 20_000, limit: 10 })
      return { accountId, list, lease }
    }

    test('is committed with the cutoff, or neither is', async () => {
      const { accountId, list } = await subscribe()
      const crash = () => {
        throw new Error('crash')
      }
      await expect(store.addCutoff(accountId, visitor, times(1_000), crash)).rejects.toThrow('crash')
      expect(await store.findCutoff(accountId, [visitor])).toBeUndefined()
      await store.addCutoff(accountId, visitor, times(1_000), told())
      expect(await list()).toEqual([{ notBefore: 1_000, dueAt: 1_000 }])
    })

    test('of a family is committed with its cutoffs, or none is', async () => {
      const { accountId, list } = await subscribe()
      await store.upsertAccount({ id: accountId, name: '', tenant: accountId, environment: 'sandbox' })
      const crash = () => {
        throw new Error('crash')
      }
      const family = { scope: 'account' } as const
      await expect(store.addFamilyCutoff(accountId, family, times(1_000), crash)).rejects.toThrow('crash')
      expect(await store.findCutoff(accountId, [{ ...family, subject: accountId }])).toBeUndefined()
      await store.addFamilyCutoff(accountId, family, times(1_000), told())
      expect(await list()).toEqual([{ notBefore: 1_000, dueAt: 1_000 }])
    })

    test('is not written for an earlier cutoff, which changes nothing', async () => {
      const { accountId, list } = await subscribe()
      await store.addCutoff(accountId, visitor, times(2_000), told())
      await store.addCutoff(accountId, visitor, times(1_000), told())
      expect(await list()).toEqual([{ notBefore: 2_000, dueAt: 1_000 }])
    })

    test('of a first write is held for 10 s, and replaced by that of the second write', async () => {
      const { accountId, list, lease } = await subscribe()
      const other = await subscribe()
      await other.list()
      await store.addCutoff(other.accountId, visitor, times(1_000), told('first'))
      await store.addCutoff(accountId, { ...visitor, scope: 'user' }, times(1_001), told('first'))
      await store.addCutoff(accountId, visitor, times(1_000), told('first'))
      expect(await lease(10_999)).toEqual([])
      await store.addCutoff(accountId, visitor, times(1_005), told('second'))
      // neither that of another scope nor that of another account
      expect(await list()).toEqual([
        { notBefore: 1_001, dueAt: 11_001 },
        { notBefore: 1_005, dueAt: 1_000 },
      ])
      expect(await other.list()).toEqual([{ notBefore: 1_000, dueAt: 11_000 }])
    })

    test('of a first write is sent if no second one follows in time, and then both are', async () => {
      const { accountId, list, lease } = await subscribe()
      await store.addCutoff(accountId, visitor, times(1_000), told('first'))
      expect(await lease(11_000)).toHaveLength(1)
      await store.addCutoff(accountId, visitor, times(1_005), told('second'))
      expect((await list()).map(({ notBefore }) => notBefore)).toEqual([1_000, 1_005])
    })

    test('of a later cutoff by another call stays', async () => {
      const { accountId, list } = await subscribe()
      await store.addCutoff(accountId, visitor, times(1_000), told('first'))
      await store.addCutoff(accountId, visitor, times(1_010), told('first'))
      await store.addCutoff(accountId, visitor, times(1_005), told('second'))
      expect((await list()).map(({ notBefore }) => notBefore)).toEqual([1_000, 1_010])
      await store.addCutoff(accountId, visitor, times(1_015), told('second'))
      expect((await list()).map(({ notBefore }) => notBefore)).toEqual([1_015])
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
      await store.addCutoff(account, user, { notBefore: 5, expiresAt }, untold)
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
