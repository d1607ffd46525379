import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../ids.js'
import { addCard } from '../../testing/add-card.js'
import { databases, openDatabase } from '../../testing/databases.js'

const restoredAt = 1_790_000_000_000
const account = '00000000-0000-4000-8000-000000000001'
const idMadeAt = (now: number) => newId({ now: () => now, random: (bytes) => Buffer.alloc(bytes, now) })
const times = { now: restoredAt + 1_000, expiresAt: restoredAt + 60_000 }

describe.each(databases)('tokens and sessions issued up to a restore, %s', async (kind) => {
  const { store, close } = await openDatabase(kind)
  beforeAll(async () => {
    await store.markRestored(restoredAt - 5_000)
    await store.markRestored(restoredAt)
    await store.markRestored(restoredAt)
  })
  afterAll(close)

  test.each([
    [-1, false],
    [0, false],
    [1, true],
  ])('issued %d ms after it: can be spent and refreshed: %s', async (after, expected) => {
    const [jti, sid] = [idMadeAt(restoredAt + after), idMadeAt(restoredAt + after)]
    expect(await store.consumeOrRevokeToken({ accountId: account, kind: 'visitor', jti }, 'spent', times)).toBe(
      expected,
    )
    expect(await store.rotateSession({ accountId: account, sid }, 0, times)).toBe(expected)
  })

  test("a session that was refreshed before can't be refreshed any more", async () => {
    const session = { accountId: account, sid: idMadeAt(restoredAt + 10_000) }
    expect(await store.rotateSession(session, 0, times)).toBe(true)
    await store.markRestored(restoredAt + 20_000)
    expect(await store.rotateSession(session, 1, times)).toBe(false)
  })

  test('an id without a time is rejected', async () => {
    expect(await store.consumeOrRevokeToken({ accountId: account, kind: 'visitor', jti: 'none' }, 'spent', times)).toBe(
      false,
    )
  })

  test("a card token can't be redeemed", async () => {
    const card_id = await addCard(store, account)
    const token = {
      jti: 'x',
      card_id,
      api_key_id: 'key',
      widget_type: 'REVEAL',
      expires_at: restoredAt + 90_000,
    } as const
    const redeem = async (hash: string, issued_at: number) => {
      await store.insertCardToken(account, { ...token, token_hash: hash, issued_at })
      return (await store.redeemCardToken(account, hash, 'REVEAL', restoredAt + 30_000)) !== undefined
    }
    expect(await redeem('before', restoredAt)).toBe(false)
    expect(await redeem('after', restoredAt + 20_001)).toBe(true)
  })

  test('the restore counts as a cutoff of every account', async () => {
    expect(await store.findCutoff(account, [{ scope: 'account', subject: account }])).toBe(restoredAt + 20_000)
  })
})
