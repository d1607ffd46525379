import { expect, test, vi } from 'vitest'
import { ownTimers } from './own-timers.js'

test('vi.useRealTimers() brings the functions of the platform back', () => {
  const { setTimeout, clearTimeout } = globalThis
  vi.useFakeTimers()
  const running = ownTimers(/own-timers\.test/)
  const timer = globalThis.setTimeout(() => {}, 1_000)
  expect(running()).toBe(1)
  globalThis.clearTimeout(timer)
  expect(running()).toBe(0)
  vi.useRealTimers()
  expect([globalThis.setTimeout, globalThis.clearTimeout]).toEqual([setTimeout, clearTimeout])
})
