import { expect, test } from 'vitest'
import { crashUnderLoad, startMilliseconds } from './support/crash/kill-nine.js'
import { slowness } from './support/time/slowness.js'

/** The short form of tests/chaos/kill-nine.test.ts. Other tests run at the same time, so one fast start is enough. */
test('3 crashes under load lose nothing acknowledged, spend nothing twice, restart within 2 s', async () => {
  const before = slowness()
  const { starts, pending } = await crashUnderLoad(3, 'start later')
  expect(starts).toHaveLength(3)
  expect(starts[0]).toBeLessThanOrEqual(startMilliseconds * Math.max(before, slowness()))
  expect(pending).toBeGreaterThan(0)
}, 120_000)
