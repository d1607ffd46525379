import { expect, test, vi } from 'vitest'
import { keepLatestTime } from './latest-time.js'
import { createProcessClock } from './process-clock.js'

test("notes the time every second even if it's unused, so a crash loses two seconds at most", async () => {
  vi.useFakeTimers()
  try {
    const wall = { now: () => Date.now(), random: () => Buffer.alloc(0) }
    const processClock = createProcessClock({ wall, elapsed: () => Date.now() })
    let latest: number | undefined
    const store = {
      findLatestTime: async () => latest,
      findLiveTime: async () => undefined,
      noteLatestTime: async (time: number) => {
        latest = time
      },
    }
    const stop = await keepLatestTime({ processClock, store, log: { warn: () => {} } })
    await vi.advanceTimersByTimeAsync(2_000)
    expect(latest).toBeUndefined()
    processClock.clock.now()
    await vi.advanceTimersByTimeAsync(10_900)
    const minted = processClock.clock.now()
    expect(minted - (latest ?? 0)).toBeLessThan(2_000)
    await stop()
    expect(latest).toBeGreaterThanOrEqual(minted)
  } finally {
    vi.useRealTimers()
  }
})
