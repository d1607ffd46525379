import { expect, test } from 'vitest'
import { callMilliseconds, createDeadlines } from '../../deadline.js'
import { createLockPatience } from './lock-patience.js'

const locked = Object.assign(new Error('database is locked'), { code: 'SQLITE_BUSY' })

/** Patience whose pauses pass at once. `now` says how much time they took. */
function setUp() {
  let now = 0
  const delay = async (milliseconds: number) => {
    now += milliseconds
  }
  return { ...createLockPatience({ elapsed: () => now, delay }), now: () => now }
}

test('a write that stays locked fails after two seconds', async () => {
  const { whenUnlocked, now } = setUp()
  await expect(whenUnlocked(() => Promise.reject(locked))).rejects.toBe(locked)
  expect(now()).toBe(2_000)
})

test('a write with an earlier deadline fails then', async () => {
  const { whenUnlocked, now } = setUp()
  const deadline = createDeadlines({ elapsed: now, startTimer: () => {} })(0).later(100 - callMilliseconds)
  await expect(whenUnlocked(() => Promise.reject(locked), deadline)).rejects.toBe(locked)
  expect(now()).toBe(100)
})

test('a write succeeds once the lock is free', async () => {
  const { whenUnlocked, now } = setUp()
  expect(await whenUnlocked(() => (now() < 75 ? Promise.reject(locked) : Promise.resolve('written')))).toBe('written')
  expect(now()).toBe(75)
})

test('any other failure is reported at once', async () => {
  const { whenUnlocked, now } = setUp()
  const failure = new Error('no such table')
  await expect(whenUnlocked(() => Promise.reject(failure))).rejects.toBe(failure)
  expect(now()).toBe(0)
})
