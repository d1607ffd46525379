import { randomBytes } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { pino } from 'pino'
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { createRingSealer } from './crypto/audit-sealer.js'
import { newId } from './ids.js'
import { startMaintenance } from './maintenance.js'
import { migrate } from './store/migrations/migrate.js'
import { openSqlite } from './store/sqlite/open-sqlite.js'
import { createStore, type Store } from './store/store.js'
import { fixedRing } from './testing/fixed-keys.js'

const hour = 3_600_000
const start = Date.parse('2026-11-21T08:00:00.000Z')

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/**
 * Maintenance over a real database. `sweepAt` runs one sweep and returns the time up to which it removes audit entries.
 */
async function startSweeping(more: Partial<Store> = {}) {
  const { db, close } = openSqlite(undefined)
  await migrate(db)
  const store = createStore(db)
  let now = start
  let swept: (auditBefore: number) => void = () => {}
  const lastStep: (typeof store)['findExpiredChains'] = async (before) => {
    swept(before)
    return []
  }
  const nothing = async () => {}
  const ring = fixedRing(Buffer.alloc(32, 1))
  const stop = startMaintenance({
    clock: { now: () => now, random: randomBytes },
    store: { ...store, findExpiredChains: lastStep, ...more },
    auditSealer: createRingSealer(ring),
    logAudit: () => {},
    dataKeys: { ...ring, status: () => ({ isUsable: false, keys: [] }), change: async () => undefined },
    keyRing: { reload: nothing, maintain: nothing },
    log: pino({ level: 'silent' }),
    metrics: { countDeadWebhooks: () => {} },
    clearLimits: nothing,
  })
  const sweepAt = async (time: number) => {
    now = time
    const done = new Promise<number>((resolve) => {
      swept = resolve
    })
    vi.advanceTimersByTime(60_000)
    const auditBefore = await done
    // a sweep that hasn't ended would keep the next one from beginning
    await nextTurn()
    return auditBefore
  }
  onTestFinished(() => {
    stop()
    return close()
  })
  return { store, sweepAt }
}

test('remembers a spent token for a day after it expires, and then sweeps it', async () => {
  const { store, sweepAt } = await startSweeping()
  const jti = newId({ now: () => start, random: randomBytes })
  const token = { accountId: 'account-1', kind: 'visitor', jti } as const
  const expiresAt = start + hour
  expect(await store.consumeOrRevokeToken(token, 'spent', { now: start, expiresAt })).toBe(true)
  for (const [time, isKept] of [
    [expiresAt, true],
    [expiresAt + 24 * hour - 1, true],
    [expiresAt + 24 * hour, false],
  ] as const) {
    const auditBefore = await sweepAt(time)
    expect(await store.isTokenFinal(token)).toBe(isKept)
    expect(auditBefore).toBe(time - 24 * hour)
  }
})

test('removes much in few steps, which start small and grow', async () => {
  let left = 40_000
  const batches: number[] = []
  const sweepExpired = async (_: number, batch: number) => {
    const removed = Math.min(batch, left)
    left -= removed
    batches.push(batch)
    return removed
  }
  const { sweepAt } = await startSweeping({ sweepExpired })
  await sweepAt(start)
  expect(left).toBe(0)
  expect(batches[0]).toBe(100)
  expect(Math.max(...batches)).toBe(800)
  // 400 steps of 100 rows, each with a pause of 20 ms, would be 5,000 rows a second at most
  expect(batches.length).toBeLessThan(100)
})
