import { randomBytes, randomUUID } from 'node:crypto'
import type { IdempotencyPolicy } from '@hallpass/contracts'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { migrate } from '../store/migrations/migrate.js'
import { openSqlite } from '../store/sqlite/open-sqlite.js'
import { createStore } from '../store/store.js'
import { fixedKeys } from '../testing/fixed-keys.js'
import { atMostOnce, type KeyedCall, type Work } from './at-most-once.js'

let now = Date.parse('2026-11-21T08:00:00.000Z')
const { db, close } = openSqlite(undefined)
beforeAll(() => migrate(db))
afterAll(close)

const root = Buffer.alloc(32, 1)
const deps = { clock: { now: () => now, random: randomBytes }, keys: fixedKeys(root), store: createStore(db) }
const policy: IdempotencyPolicy = {
  keyPattern: /./,
  keyDescription: '',
  ttlSeconds: 86_400,
}
const newCall = (): KeyedCall => ({
  apiKey: { id: 'key-1', accountId: 'account-1' },
  account: { id: 'account-1' },
  operation: 'card.widgetToken',
  dialect: 'code',
  key: randomUUID(),
  input: { customer_id: 'customer-1' },
  policy,
})

const nothing = async () => {}
/** Work that returns `answer`. `check` runs while the key is claimed. */
const work = (answer: string, check: () => Promise<void> = nothing): Work<string> => ({
  check,
  beforeTransaction: nothing,
  run: async () => answer,
})
const running = {
  name: 'HallpassError',
  reason: 'idempotency_in_progress',
  publicReason: 'idempotency_concurrent_use',
  status: 422,
}
const reused = {
  name: 'HallpassError',
  reason: 'idempotency_conflict',
  publicReason: 'idempotency_invalid_reuse',
  status: 422,
}

describe('atMostOnce', () => {
  test('claims the key again when the first call frees it between the failed claim and the lookup', async () => {
    const call = newCall()
    let refuse = () => {}
    const refused = new Promise<void>((_, reject) => {
      refuse = () => reject(new Error('refused'))
    })
    let claimed = () => {}
    const isClaimed = new Promise<void>((resolve) => {
      claimed = resolve
    })
    const check = () => {
      claimed()
      return refused
    }
    const first = atMostOnce(deps, call, work('first', check)).catch(({ message }: Error) => message)
    await isClaimed
    const findIdempotencyKey: typeof deps.store.findIdempotencyKey = async (scope) => {
      refuse()
      expect(await first).toBe('refused')
      return deps.store.findIdempotencyKey(scope)
    }
    const second = await atMostOnce({ ...deps, store: { ...deps.store, findIdempotencyKey } }, call, work('second'))
    expect(second).toEqual({ answer: 'second', replayed: false })
  })

  test('reports a key that always disappears as still running after 3 attempts, not as a failure', async () => {
    let claims = 0
    const claimIdempotencyKey = async () => {
      claims++
      return false
    }
    const store = { ...deps.store, claimIdempotencyKey, findIdempotencyKey: async () => undefined }
    await expect(atMostOnce({ ...deps, store }, newCall(), work('never'))).rejects.toMatchObject(running)
    expect(claims).toBe(3)
  })

  test('reports a reused key to a different request even while the first is running', async () => {
    const call = newCall()
    const check = async () => {
      await expect(atMostOnce(deps, call, work('second'))).rejects.toMatchObject(running)
      const other = { ...call, input: { customer_id: 'customer-2' } }
      const message = 'The Idempotency-Key was already used for a different request; use a new key.'
      await expect(atMostOnce(deps, other, work('second'))).rejects.toMatchObject({ ...reused, message })
    }
    expect(await atMostOnce(deps, call, work('first', check))).toEqual({ answer: 'first', replayed: false })
    expect(await atMostOnce(deps, call, work('third'))).toEqual({ answer: 'first', replayed: true })
  })

  test('discards the response of a call that outlives its lease', async () => {
    const call = newCall()
    const check = async () => {
      now += 30_000
      expect(await atMostOnce(deps, call, work('second'))).toEqual({ answer: 'second', replayed: false })
    }
    await expect(atMostOnce(deps, call, work('first', check))).rejects.toMatchObject(running)
    expect(await atMostOnce(deps, call, work('third'))).toEqual({ answer: 'second', replayed: true })
  })

  test("doesn't repeat the work if the data key of its response was deleted", async () => {
    const call = newCall()
    await atMostOnce(deps, call, work('first'))
    const later = { ...deps, keys: { ...deps.keys, ring: fixedKeys(root, [2]).ring } }
    const message = 'The response for this Idempotency-Key is no longer available; use a new key.'
    await expect(atMostOnce(later, call, work('second'))).rejects.toMatchObject({ ...reused, message })
  })

  test('returns a response that only the original key may see to no other key', async () => {
    const call: KeyedCall = { ...newCall(), policy: { ...policy, sameKeyOnly: true } }
    await atMostOnce(deps, call, work('secret'))
    const byOther = { ...call, apiKey: { ...call.apiKey, id: 'key-2' } }
    const message =
      'The Idempotency-Key was already used for a different request or by another secret key; use a new key.'
    await expect(atMostOnce(deps, byOther, work('second'))).rejects.toMatchObject({ ...reused, message })
    expect(await atMostOnce(deps, call, work('third'))).toEqual({ answer: 'secret', replayed: true })
  })

  test('returns any other response to another key of the account', async () => {
    const call = newCall()
    await atMostOnce(deps, call, work('first'))
    const byOther = { ...call, apiKey: { ...call.apiKey, id: 'key-2' } }
    expect(await atMostOnce(deps, byOther, work('second'))).toEqual({ answer: 'first', replayed: true })
  })
})
