import { randomBytes } from 'node:crypto'
import type { TestClock } from '../servers/in-process-server.js'

/** Time that advances by a millisecond every time it is read, so that no two events happen at the same moment. */
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
