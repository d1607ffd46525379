import { cpus, loadavg } from 'node:os'
import { expect, test } from 'vitest'
import { crashUnderLoad, startMilliseconds } from '../system/support/crash/kill-nine.js'
import { expectBelow } from '../system/support/time/slowness.js'

const isBusy = () => (loadavg()[0] ?? 0) > cpus().length

test('20 crashes under load lose nothing acknowledged, spend nothing twice, restart within 2 s', async () => {
  const leastFacts = 500
  const { starts, facts, pending } = await crashUnderLoad(20, 'wait', { leastFacts })
  expect(starts).toHaveLength(20)
  // on a shared machine, half of the starts must be fast enough
  expectBelow((isBusy() ? starts[10] : starts.at(-1)) ?? 0, startMilliseconds)
  expect(facts).toBeGreaterThanOrEqual(leastFacts)
  // without interrupted calls, the test would prove nothing
  expect(pending).toBeGreaterThan(20)
}, 600_000)
