import { randomBytes } from 'node:crypto'
import type { TestClock } from '../servers/in-process-server.js'

/** Time that goes on by a millisecond with every look at it, so that no two things happen at the same moment. */
export function tickingClock(): TestClock {
  let now = Date.now()
  return {
    now: () => now++,
    random: randomBytes,
    advance: (milliseconds) => {
      now += milliseconds
    },
  }
}
