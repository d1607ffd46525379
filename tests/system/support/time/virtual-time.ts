import type { TestServer } from '../servers/in-process-server.js'

/** Timers that fire when a test advances time, in step with the server's clock. */
export interface VirtualTime {
  readonly now: () => number
  readonly after: (milliseconds: number, run: () => void) => () => void
  /** Waits until all pending work has settled, without advancing time. */
  readonly settle: () => Promise<void>
  /** Advances time. Due timers fire in order. */
  readonly pass: (milliseconds: number) => Promise<void>
  /** Something outside this process that settling waits for. */
  readonly track: <T>(work: Promise<T>) => Promise<T>
}

interface Timer {
  readonly at: number
  readonly run: () => void
}

export function virtualTime(server: TestServer): VirtualTime {
  let now = 1_000_000
  let running = 0
  const timers = new Set<Timer>()
  const track = async <T>(work: Promise<T>): Promise<T> => {
    running += 1
    try {
      return await work
    } finally {
      running -= 1
    }
  }
  // after a response, it can take several turns until the next request
  const settle = async () => {
    for (let quiet = 0; quiet < 5; quiet = running === 0 ? quiet + 1 : 0) {
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  const moveTo = (moment: number) => {
    server.clock.advance(moment - now)
    now = moment
  }
  return {
    now: () => now,
    track,
    settle,
    after(milliseconds, run) {
      const timer = { at: now + Math.max(0, milliseconds), run }
      timers.add(timer)
      return () => {
        timers.delete(timer)
      }
    },
    async pass(milliseconds) {
      const end = now + milliseconds
      await settle()
      for (;;) {
        const next = [...timers].sort((a, b) => a.at - b.at)[0]
        if (!next || next.at > end) break
        timers.delete(next)
        if (next.at > now) moveTo(next.at)
        next.run()
        await settle()
      }
      moveTo(end)
    },
  }
}
